// Nothing is left of a list that was narrowed.
import { Button } from '@mantine/core';

import { filters as filtersTexts } from '../texts/en/filters';
import { Empty } from './empty';

/** Says so, and what to do about it; the button takes away what narrows. */
export function NoneFits({ title, about = filtersTexts.noneAbout, onClear }: { title: string; about?: string; onClear: () => void }) {
  return (
    <Empty
      title={title}
      action={
        <Button variant="default" onClick={onClear}>
          {filtersTexts.clear}
        </Button>
      }
    >
      {about}
    </Empty>
  );
}
