// What somebody did, on a line of time, the newest first.
import { Badge, Button, Group, SegmentedControl, Select, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { eventSchema } from '../../api/fields';
import { type Event, type Value, eventsOf } from '../../api/people';
import { readable } from '../../format/field';
import { count } from '../../format/number';
import { dayAndTime, zoneName } from '../../format/time';
import { valueOf } from '../../format/value';
import { Panel } from '../../parts/panel';
import { Trouble } from '../../parts/trouble';
import { people as peopleTexts } from '../../texts/en/people';
import classes from './people.module.css';

const route = getRouteApi('/app/people/$id');

/** Types up to which each has a button; more of them are in a list. */
const BUTTONS_MAX = 4;

export function EventsPanel({ id }: { id: string }) {
  const words = peopleTexts;
  const { type } = route.useSearch();
  const navigate = route.useNavigate();
  const known = useQuery(eventSchema).data;
  const found = useInfiniteQuery(eventsOf(id, type));
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const total = found.data?.pages[0]?.total;
  const types = known?.types.map((one) => one.name) ?? [];
  const choices = [{ value: '', label: words.anyType }, ...types.map((one) => ({ value: one, label: readable(one) }))];
  const choose = (next: string | null) =>
    void navigate({ search: (before) => ({ ...before, type: next || undefined }), replace: true, resetScroll: false });
  const choice =
    types.length > BUTTONS_MAX ? (
      <Select aria-label={words.type} data={choices} value={type ?? ''} onChange={choose} allowDeselect={false} searchable w={170} size="xs" />
    ) : (
      <SegmentedControl aria-label={words.type} size="xs" data={choices} value={type ?? ''} onChange={choose} />
    );
  return (
    <Panel title={words.events} about={total === undefined ? ' ' : words.eventsAbout(count(total), zoneName())} aside={types.length > 1 && choice}>
      {found.isError && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={160} />}
      {found.isSuccess && items.length === 0 && <Text c="dimmed">{total === 0 ? words.noEvents : words.noEventsOfType}</Text>}
      <ol className={classes.timeline}>
        {items.map((event, i) => (
          // Events have no ids here; their order does not change while they are paged through.
          <Happened key={`${event.time} ${event.type} ${i}`} event={event} types={known?.properties ?? []} />
        ))}
      </ol>
      {found.hasNextPage && (
        <Button variant="default" size="xs" mt="xs" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </Panel>
  );
}

function Happened({ event, types }: { event: Event; types: { name: string; type: string }[] }) {
  const words = peopleTexts;
  const typeOf = (name: string) => types.find((one) => one.name === name)?.type ?? '';
  const toldOf = (name: string, value: Value) => (event.masked?.includes(name) ? words.masked : valueOf(value, typeOf(name), words));
  const isFuture = new Date(event.time).getTime() > Date.now();
  return (
    <li className={classes.event}>
      <div style={{ minWidth: 0 }}>
        <Group gap={8}>
          <Text size="sm" fw={550}>
            {readable(event.type)}
          </Text>
          {isFuture && <Badge size="sm">{words.future}</Badge>}
        </Group>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {[dayAndTime(event.time), ...Object.entries(event.properties).map(([name, value]) => `${readable(name).toLowerCase()} ${toldOf(name, value)}`)].join(' · ')}
        </Text>
      </div>
      {event.masked?.includes('amount') ? (
        <Text size="sm" c="dimmed">
          {words.masked}
        </Text>
      ) : (
        event.amount != null && (
          <Text size="sm" fw={550} style={{ fontVariantNumeric: 'tabular-nums' }}>
            {valueOf(event.amount, typeOf('amount'), words)}
          </Text>
        )
      )}
    </li>
  );
}
