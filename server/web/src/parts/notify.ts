// Short messages at the edge of the window; read out by screen readers.
import { notifications } from '@mantine/notifications';

import { problemFrom, saidOf } from '../api/problem';
import { problem as problemTexts } from '../texts/en/problem';

const closeButtonProps = { 'aria-label': problemTexts.close };

/** Something worked. */
export function done(message: string): void {
  notifications.show({ message, color: 'iris', closeButtonProps });
}

/** Something did not. Stays until it is closed: there is something to read. */
export function failed(thrown: unknown): void {
  const problem = problemFrom(thrown);
  const more = problem.mistakes.filter(({ message }) => message !== problem.message).map(saidOf);
  notifications.show({
    title: problemTexts.title,
    message: [problem.said, ...more].join('\n'),
    color: 'red',
    autoClose: false,
    withCloseButton: true,
    closeButtonProps,
    style: { whiteSpace: 'pre-line' },
  });
}
