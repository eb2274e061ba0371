// A segment of whom an offer fits: of whoever reaches a score, now and later; of those who reach it now; or of the best.
import { NumberInput, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { makeList } from '../../api/made';
import { type Offer, segmentOf } from '../../api/offers';
import { ChangeDialog } from '../../parts/change-dialog';
import { offers as offersTexts } from '../../texts/en/offers';

interface MakeSegmentProps {
  offer: Offer;
  least: number;
  greatest: number;
  /** The best who are shown, the best first. */
  ids: string[];
  onClose: () => void;
}

type Kind = keyof typeof offersTexts.makeKinds;

export function MakeSegment({ offer, least: proposed, greatest, ids, onClose }: MakeSegmentProps) {
  const words = offersTexts;
  const navigate = useNavigate();
  const [name, setName] = useState(words.makeNameFor(offer.name));
  const [least, setLeast] = useState<string | number>(proposed);
  const [kind, setKind] = useState<Kind>('dynamic');
  // The people who were shown when the dialog was opened; the table may move on behind it.
  const [best] = useState(ids);
  const make = () => (kind === 'top' ? makeList(name.trim(), { customers: best }) : segmentOf(offer.id, name.trim(), Number(least), kind));
  return (
    <ChangeDialog
      title={words.makeTitle}
      submit={words.make}
      ask={make}
      said={(made) => words.made(made.name)}
      onMade={(made) => void navigate({ to: '/app/segments/$id', params: { id: String(made.id) } })}
      onClose={onClose}
      isDisabled={name.trim() === '' || (kind !== 'top' && !(Number(least) >= 1))}
    >
      <TextInput label={words.makeName} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      <Radio.Group label={words.makeKind} value={kind} onChange={(next) => setKind(next as Kind)}>
        <Stack gap="xs" mt={6}>
          {(Object.keys(words.makeKinds) as Kind[]).map((one) => (
            <Radio key={one} value={one} label={words.makeKinds[one](best.length)} />
          ))}
        </Stack>
      </Radio.Group>
      <Text size="sm" c="dimmed">
        {words.makeKindAbout[kind]}
      </Text>
      {kind !== 'top' && (
        <NumberInput label={words.makeLeast} value={least} onChange={setLeast} min={1} max={greatest} allowDecimal={false} />
      )}
    </ChangeDialog>
  );
}
