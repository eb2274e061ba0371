// Which offers fit somebody best, and why; nothing where none does.
import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { matching, offersFor } from '../../api/offers';
import { partsOf, weightsOf } from '../../api/reasons';
import { count } from '../../format/number';
import { day } from '../../format/time';
import { TextLink } from '../../parts/link';
import { Panel } from '../../parts/panel';
import { Reasons } from '../../parts/reasons';
import { people as peopleTexts } from '../../texts/en/people';

/** Offers that are shown. */
const SHOWN = 5;

export function OffersPanel({ id }: { id: string }) {
  const words = peopleTexts;
  const told = useQuery(offersFor(id, SHOWN)).data;
  const settings = useQuery(matching).data;
  if (!told || told.total === 0) return null;
  return (
    <Panel title={words.offers} about={words.offersAbout(told.total, count(told.total))}>
      <Stack gap="md">
        {told.events.map((offer) => (
          <div key={offer.event_id}>
            <Group justify="space-between" wrap="nowrap" align="baseline" mb={6}>
              <div>
                <TextLink to="/app/offers/$id" params={{ id: String(offer.event_id) }} fw={550} c="var(--text-strong)">
                  {offer.name}
                </TextLink>
                {offer.starts_at && (
                  <Text span size="sm" c="dimmed" ml={8}>
                    {day(offer.starts_at)}
                  </Text>
                )}
              </div>
              <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
                {words.score(offer.score, told.max_score)}
              </Text>
            </Group>
            {settings && <Reasons parts={partsOf(offer.reasons, weightsOf(settings.weights))} />}
          </div>
        ))}
      </Stack>
    </Panel>
  );
}
