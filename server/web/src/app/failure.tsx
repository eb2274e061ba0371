// What is shown instead of a page that broke, or that is not there.
import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';

import { Problem } from '../api/problem';
import { Empty } from '../parts/empty';
import { ButtonLink } from '../parts/link';
import { Page } from '../parts/page';
import { Trouble } from '../parts/trouble';
import { problem as problemTexts } from '../texts/en/problem';

/** A page threw: either it was refused something, or it is wrong, or its script is of another version. */
export function Broken({ error: thrown, reset }: ErrorComponentProps) {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const isRefusal = error instanceof Problem;
  const isOld = /dynamically imported module|module script/i.test(error.message);
  return (
    <Page title={problemTexts.broken}>
      {isRefusal ? (
        <Trouble error={error} onRetry={reset} />
      ) : (
        <Empty
          title={isOld ? problemTexts.newVersion : problemTexts.brokenAbout}
          action={<Button onClick={() => window.location.reload()}>{problemTexts.reload}</Button>}
        >
          {isOld ? null : error.message}
        </Empty>
      )}
    </Page>
  );
}

export function NotFound() {
  return (
    <Page title={problemTexts.notFound}>
      <Empty title={problemTexts.notFoundAbout} action={<ButtonLink to="/">{problemTexts.toHome}</ButtonLink>} />
    </Page>
  );
}
