// A dialog that is there for as long as it is open. Whoever closes it goes on where they opened it.
import { Modal, type ModalProps, Text } from '@mantine/core';
import { useEffect, useState } from 'react';

import { shell as shellTexts } from '../texts/en/shell';

interface DialogProps extends Omit<ModalProps, 'opened'> {
  /** Whether what is typed in it is kept from an Escape, or a click beside it, that was not meant: the first one asks. */
  isForm?: boolean;
}

export function Dialog({ isForm = false, onClose, children, ...rest }: DialogProps) {
  // Mantine's own way back needs a dialog that is there before it is open.
  const [opener] = useState(() => document.activeElement);
  const [typed, setTyped] = useState<'nothing' | 'something' | 'asked'>('nothing');
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement) setTimeout(() => opener.focus({ preventScroll: true }));
    },
    [opener],
  );
  const close = () => (isForm && typed === 'something' ? setTyped('asked') : onClose());
  return (
    <Modal opened returnFocus={false} onClose={close} {...rest}>
      <div onChange={() => setTyped('something')}>{children}</div>
      <Text role="status" size="sm" c="var(--warn)" mt={typed === 'asked' ? 'md' : 0}>
        {typed === 'asked' && shellTexts.unsaved}
      </Text>
    </Modal>
  );
}
