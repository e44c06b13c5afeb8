// Included by PyTorch's headers, which need nothing of it here.
#pragma once
