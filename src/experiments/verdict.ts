import { answerOfChanges, type ChangesRecord, sizeText } from './changes';
import { answerOfChoosing, type ChoosingRecord, decisionTable } from './choosing';
import { counted } from './format';
import { provenance } from './provenance';
import { answerOfSameRecipe, type SameRecipeRecord } from './same-recipe';

/** The basis of the verdicts on the claims, in Markdown. */
export function claimsNote(record: ChangesRecord | undefined): string {
  const noise = record
    ? `The claims on curves are tested over ${counted(record.walks[0]!.seeds.length, 'seed')} (${sizeText(record)}). ${provenance(record)}`
    : 'One run of each recipe says little about claims on noise, and there is **no record of runs over several seeds** yet.';
  return (
    `${noise} The first line is decisive: a difference between the two curves says ` +
    'nothing about the frameworks while so much else differs.'
  );
}

/** The origin of the gap according to the records, in Markdown. */
export function whereTheGapComesFrom(
  changes: ChangesRecord | undefined,
  same: SameRecipeRecord | undefined,
): string {
  const parts = [
    changes
      ? `**What made the difference?** ${answerOfChanges(changes)}`
      : '**What made the difference?** There is no full record of it yet; the notebook on it has a small run.',
    same
      ? `**Do the frameworks differ by themselves?** ${answerOfSameRecipe(same)}`
      : '**Do the frameworks differ by themselves?** There is no full record of it yet; the notebook on it has a small run.',
  ];
  return parts.join('\n\n');
}

/** What the code of both shows according to the record, in Markdown. */
export function whatTheCodeSays(choosing: ChoosingRecord | undefined): string {
  return choosing
    ? answerOfChoosing(choosing, 'elsewhere')
    : 'There is no full record of it yet; the notebook on choosing has a small run.';
}

/** How to choose, according to the records, in Markdown: a table whose entries link to their evidence. */
export function howToChoose(choosing: ChoosingRecord | undefined): string {
  return choosing
    ? `${decisionTable(choosing, 'elsewhere')}\n\n${provenance(choosing)}`
    : 'There is no full record to choose by yet; the notebook on choosing has a small run.';
}
