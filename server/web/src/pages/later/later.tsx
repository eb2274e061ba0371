// A place whose page is not there yet.
import { Empty } from '../../parts/empty';
import { Page } from '../../parts/page';
import { texts } from '../../texts/en';

export function Later() {
  return (
    <Page title={texts.shell.later}>
      <Empty title={texts.shell.laterAbout} />
    </Page>
  );
}
