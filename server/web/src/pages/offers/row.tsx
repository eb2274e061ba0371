// One offer of the list, with how many it fits.
import { Badge, Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { type Offer, figureOf } from '../../api/offers';
import { count } from '../../format/number';
import { TextLink } from '../../parts/link';
import { Cell } from '../../parts/stacked';
import { offers as offersTexts } from '../../texts/en/offers';
import { kindOf } from './narrow';
import { reaching, usualLeast } from './scores';
import { priceTold, whenTold, whereTold } from './told';

export function OfferRow({ offer, hasFigure }: { offer: Offer; hasFigure: boolean }) {
  const words = offersTexts;
  const kind = kindOf(offer, new Date());
  const traits = [...offer.genres, ...offer.event_types, ...offer.artists].join(', ');
  return (
    <>
      <Cell maw="24rem">
        <Group gap={8}>
          <TextLink to="/app/offers/$id" params={{ id: String(offer.id) }} fw={550} c="var(--text-strong)">
            {offer.name}
          </TextLink>
          {kind !== 'ahead' && <Badge size="sm">{words[kind]}</Badge>}
        </Group>
        {traits && (
          <Text size="sm" c="dimmed" lineClamp={1} mt={2}>
            {traits}
          </Text>
        )}
      </Cell>
      <Told of={words.head.when} text={whenTold(offer)} none={words.undated} />
      <Told of={words.head.where} text={whereTold(offer)} none={words.anywhere} />
      <Told of={words.head.price} text={priceTold(offer)} none={words.unpriced} isFigure />
      {hasFigure && (
        <Cell of={words.head.fits} isFigure>
          <Figure id={offer.id} />
        </Cell>
      )}
    </>
  );
}

function Told({ of, text, none, isFigure = false }: { of: string; text: string | undefined; none: string; isFigure?: boolean }) {
  return (
    <Cell of={of} isFigure={isFigure}>
      <Text size="sm" c={text ? undefined : 'dimmed'} style={{ whiteSpace: 'nowrap' }}>
        {text ?? none}
      </Text>
    </Cell>
  );
}

function Figure({ id }: { id: number }) {
  const words = offersTexts;
  const told = useQuery(figureOf(id));
  if (!told.data) return told.isPending ? <Skeleton height={18} width={64} ml="auto" /> : null;
  const least = usualLeast(told.data.factors);
  return (
    <>
      <Text size="sm" fw={550}>
        {count(reaching(told.data.distribution, least))}
      </Text>
      <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        {words.fitsAt(least)}
      </Text>
    </>
  );
}
