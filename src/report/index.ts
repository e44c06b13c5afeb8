export { type Failure, failureLine } from './failure';
export { type Headline, headline } from './headline';
export { writeIndexPage } from './index-page';
export { executeNotebook, exportHtml, NbconvertError } from './nbconvert';
export { type Notebook, readNotebook } from './notebook';
export { makePages } from './pages';
export { type RunRecord, readRecords } from './run-record';
export { type RunOptions, type RunResult, runNotebook } from './runner';
