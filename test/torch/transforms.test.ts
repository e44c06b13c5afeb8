import * as torch from 'tandem-torch';
import { bits, python } from './python';

const { transforms } = torch;

const pil = `
import numpy as np
from PIL import Image, ImageOps
torch.manual_seed(7)
grey = torch.randint(256, (7, 20, 13), dtype=torch.uint8)
rgb = torch.randint(256, (5, 3, 9, 16), dtype=torch.uint8)
def each(images, work):
    """The images after some work on each as a PIL image."""
    def one(image):
        array = image.numpy() if image.ndim == 2 else image.permute(1, 2, 0).numpy()
        result = torch.from_numpy(np.array(work(Image.fromarray(array))))
        return result if image.ndim == 2 else result.permute(2, 0, 1)
    return torch.stack([one(image) for image in images])
def resized(images, *size):
    """torchvision's Resize of tensors."""
    planes = images[:, None] if images.ndim == 3 else images
    return F.interpolate(planes, size, mode='bilinear', antialias=True).view(*images.shape[:-2], *size)
def middle(height, width):
    """torchvision's CenterCrop."""
    def crop(image):
        top = int(round((image.height - height) / 2))
        left = int(round((image.width - width) / 2))
        return image.crop((left, top, left + width, top + height))
    return crop
def maybe_mirrored(image):
    """torchvision's RandomHorizontalFlip."""
    return ImageOps.mirror(image) if torch.rand(1) < 0.3 else image
def anywhere(height, width, padding=0):
    """torchvision's RandomCrop."""
    def crop(image):
        image = ImageOps.expand(image, padding)
        top = torch.randint(0, image.height - height + 1, size=(1,)).item()
        left = torch.randint(0, image.width - width + 1, size=(1,)).item()
        return image.crop((left, top, left + width, top + height))
    return crop
def normalized(images, mean, std):
    """torchvision's ToTensor and Normalize, image by image."""
    def one(image):
        x = (image[None] if image.ndim == 2 else image).contiguous().to(torch.float32).div(255)
        shape = (-1, 1, 1)
        return x.sub_(torch.tensor(mean).view(shape)).div_(torch.tensor(std).view(shape))
    return torch.stack([one(image) for image in images])`;

type Module = torch.nn.Module & { forward(images: torch.Tensor): torch.Tensor };

/** Python's expression, its images, and our transform of the whole batch. */
const twins: [string, 'grey' | 'rgb', Module][] = [
  ['resized(grey, 8, 8)', 'grey', new transforms.Resize([8, 8])],
  ['resized(grey, 5, 30)', 'grey', new transforms.Resize([5, 30])],
  ['resized(grey, 33, 40)', 'grey', new transforms.Resize([33, 40])],
  ['resized(grey[:2], 7, 7)', 'grey', new transforms.Resize([7, 7])],
  ['resized(grey, 9, 6)', 'grey', new transforms.Resize(6)],
  ['resized(rgb, 4, 7)', 'rgb', new transforms.Resize([4, 7])],
  ['resized(rgb, 5, 8)', 'rgb', new transforms.Resize(5)],
  ['resized(rgb, 20, 20)', 'rgb', new transforms.Resize([20, 20])],
  ['each(grey, middle(9, 8))', 'grey', new transforms.CenterCrop([9, 8])],
  ['each(rgb, middle(4, 4))', 'rgb', new transforms.CenterCrop(4)],
  ['each(grey, middle(24, 17))', 'grey', new transforms.CenterCrop([24, 17])],
  [
    'each(grey, lambda image: ImageOps.expand(image, (1, 2, 3, 4), 9))',
    'grey',
    new transforms.Pad([1, 2, 3, 4], { fill: 9 }),
  ],
  ['each(rgb, lambda image: ImageOps.expand(image, 3))', 'rgb', new transforms.Pad(3)],
  [
    'normalized(resized(grey, 8, 8), [0.13], [0.3])',
    'grey',
    new transforms.Compose([
      new transforms.Resize([8, 8]),
      new transforms.ToTensor(),
      new transforms.Normalize([0.13], [0.3]),
    ]),
  ],
  [
    'normalized(rgb, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])',
    'rgb',
    new transforms.Compose([
      new transforms.ToTensor(),
      new transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ]),
  ],
  ['each(rgb, maybe_mirrored)', 'rgb', new transforms.RandomHorizontalFlip(0.3)],
  ['each(grey, maybe_mirrored)', 'grey', new transforms.RandomHorizontalFlip(0.3)],
  ['each(grey, anywhere(12, 5))', 'grey', new transforms.RandomCrop([12, 5])],
  ['each(rgb, anywhere(8, 8, 2))', 'rgb', new transforms.RandomCrop(8, { padding: 2 })],
];

const expected = python(
  ['bits(grey)', 'bits(rgb)', ...twins.map(([name]) => `(torch.manual_seed(5), bits(${name}))[1]`)],
  pil,
);

torch.manualSeed(7);
const images = {
  grey: torch.randint(256, [7, 20, 13], { dtype: 'uint8' }),
  rgb: torch.randint(256, [5, 3, 9, 16], { dtype: 'uint8' }),
};

test('both languages draw the same images', () => {
  expect([bits(images.grey), bits(images.rgb)]).toEqual(expected.slice(0, 2));
});

test.each(
  twins.map(([name, of, transform], n) => ({ name, of, transform, want: expected[n + 2] })),
)('$name', ({ name, of, transform, want }) => {
  torch.manualSeed(5);
  const input = name.includes('[:2]') ? images.grey.narrow(0, 0, 2) : images[of];
  expect(bits(transform.call(input))).toBe(want);
});

// The operator's kernels differ by the number of planes, and by the order of their bytes.
const orders: [python: string, shuffled: (x: torch.Tensor) => torch.Tensor][] = [
  ['x[torch.randperm(len(x))]', (x) => x.index(torch.randperm(x.size(0)))],
  ['x.flip(0).transpose(-1, -2)', (x) => x.flip([0]).transpose(-1, -2)],
  [
    'x.transpose(0, -1).contiguous().transpose(0, -1)',
    (x) => x.transpose(0, -1).contiguous().transpose(0, -1),
  ],
];
const few = orders.flatMap(([order, shuffled]) =>
  [1, 2, 3, 4, 5, 6, 7].flatMap((count) =>
    (['grey', 'rgb'] as const).map((of) => ({ order, shuffled, count, of })),
  ),
);

test('Resize takes any number of images, in any order of their bytes', () => {
  const resize = new transforms.Resize([9, 11]);
  const found = few.map(({ shuffled, count, of }) => {
    torch.manualSeed(5);
    const part = images[of].narrow(0, 0, Math.min(count, images[of].size(0)));
    return bits(resize.call(shuffled(part)));
  });
  const want = python(
    few.map(({ order, count, of }) => `ordered(lambda x: ${order}, ${of}[:${count}])`),
    `${pil}
def ordered(shuffled, images):
    torch.manual_seed(5)
    return bits(resized(shuffled(images).contiguous(), 9, 11))`,
  );
  expect(found).toEqual(want);
});

test('on any images, Resize is within one of PIL’s bytes', () => {
  const [want] = python(
    ['each(grey, lambda image: image.resize((9, 6), Image.BILINEAR)).tolist()'],
    pil,
  );
  const found = new transforms.Resize([6, 9]).call(images.grey).type('float32');
  const difference = found.sub(torch.tensor(JSON.parse(want!))).abs();
  expect(difference.max().item()).toBeLessThanOrEqual(1);
});

test('transforms leave their input as it is', () => {
  const before = bits(images.rgb);
  for (const [, of, transform] of twins) if (of === 'rgb') transform.call(images.rgb);
  expect(bits(images.rgb)).toBe(before);
  const floats = torch.rand(2, 1, 3, 3);
  expect(bits(new transforms.ToTensor().call(floats))).toBe(bits(floats));
});

test('a function is a transform, and invalid settings are rejected', () => {
  const invert = new transforms.Lambda((x) => x.neg().add(255));
  expect(invert.call(images.grey).add(images.grey).unique().toArray()).toEqual([255]);
  expect(() => new transforms.Normalize([0], [0])).toThrow('std of channel 0 is 0');
  expect(() => new transforms.Normalize([0], [1]).call(images.grey)).toThrow(
    'Input tensor should be a float tensor. Got torch.uint8.',
  );
  expect(() => new transforms.RandomCrop(30).call(images.grey)).toThrow(
    'Required crop size (30, 30) is larger than input image size (20, 13)',
  );
});

test('a composition prints its parts', () => {
  const transform = new transforms.Compose([
    new transforms.Resize([8, 8]),
    new transforms.ToTensor(),
    new transforms.Normalize([0.1307], [0.3081]),
  ]);
  expect(String(transform)).toBe(
    'Compose(\n    Resize(size=[8, 8], interpolation=bilinear, max_size=None, antialias=True)\n' +
      '    ToTensor()\n    Normalize(mean=[0.1307], std=[0.3081])\n)',
  );
});
