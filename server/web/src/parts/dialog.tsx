// A dialog that is there for as long as it is open. Whoever closes it goes on where they opened it.
import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';

export function Dialog(props: Omit<ModalProps, 'opened'>) {
  // Mantine's own way back needs a dialog that is there before it is open.
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement) setTimeout(() => opener.focus({ preventScroll: true }));
    },
    [opener],
  );
  return <Modal opened returnFocus={false} {...props} />;
}
