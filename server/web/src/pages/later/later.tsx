// A place whose page is not there yet.
import { Empty } from '../../parts/empty';
import { Page } from '../../parts/page';
import { shell as shellTexts } from '../../texts/en/shell';

export function Later() {
  return (
    <Page title={shellTexts.later}>
      <Empty title={shellTexts.laterAbout} />
    </Page>
  );
}
