// Erasing somebody: the id is typed to confirm, and the receipt says what was cleared and when the disk is.
import { Button, Card, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import type { Schemas } from '../../api/client';
import { erase } from '../../api/people';
import { keepFile } from '../../api/transfer';
import { dayAndTime } from '../../format/time';
import { FormDialog } from '../../parts/form-dialog';
import { people as peopleTexts } from '../../texts/en/people';
import classes from './people.module.css';

type Told = Schemas['ErasureReceipt'];

export function Erase({ id, onErased }: { id: string; onErased: (receipt: Told) => void }) {
  const words = peopleTexts;
  const [isOpen, dialog] = useDisclosure(false);
  const [typed, setTyped] = useState('');
  const queries = useQueryClient();
  const now = useMutation({
    mutationFn: () => erase(id),
    onSuccess: (receipt) => {
      onErased(receipt);
      // Who is no longer there is not asked for again; every number may be another one.
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'person' });
    },
  });
  return (
    <>
      <Button variant="default" c="var(--bad)" onClick={dialog.open}>
        {words.erase}
      </Button>
      {isOpen && (
        <FormDialog
          title={words.eraseTitle}
          onClose={dialog.close}
          onSubmit={() => now.mutate()}
          submit={words.eraseNow}
          isPending={now.isPending}
          error={now.error}
          isDisabled={typed.trim() !== id}
          isGrave
        >
          <Text size="sm">{words.eraseAbout}</Text>
          <TextInput
            label={words.eraseConfirm(id)}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
        </FormDialog>
      )}
    </>
  );
}

export function Receipt({ id, receipt }: { id: string; receipt: Told }) {
  const words = peopleTexts;
  const queries = useQueryClient();
  // What was known of them is forgotten here as well, once nothing shows it any more.
  useEffect(() => queries.removeQueries({ queryKey: ['person', id] }), [queries, id]);
  const cleared = Object.entries(receipt.cleared)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${words.clearedOf[what] ?? what}`);
  const until = receipt.on_disk_until ? dayAndTime(receipt.on_disk_until) : words.receiptNowhere;
  const keep = () =>
    keepFile(new Blob([JSON.stringify(receipt, null, 2)], { type: 'application/json' }), `receipt-${receipt.receipt}.json`);
  return (
    <Card component="section" aria-label={words.receipt(receipt.receipt)}>
      <Stack>
        <Text>{words.erasedAbout}</Text>
        <dl className={classes.receipt}>
          <dt>{words.receipt(receipt.receipt)}</dt>
          <dd>{receipt.erased_at ? dayAndTime(receipt.erased_at) : ''}</dd>
          <dt>{words.receiptCleared}</dt>
          <dd>{cleared.join(', ')}</dd>
          <dt>{words.receiptUntil}</dt>
          <dd>{until}</dd>
          {receipt.on_disk_in.length > 0 && (
            <>
              <dt>{words.receiptIn}</dt>
              <dd>{receipt.on_disk_in.join(', ')}</dd>
            </>
          )}
        </dl>
        <Group>
          <Button variant="default" onClick={keep}>
            {words.receiptSave}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}
