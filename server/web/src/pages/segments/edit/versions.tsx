// Every saved version: compared with what is now, and brought back.
import { Badge, Button, Group, List, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { type Segment, difference, restore, version as versionQuery, versions } from '../../../api/segment';
import { count } from '../../../format/number';
import { dayAndTime } from '../../../format/time';
import { done, failed } from '../../../parts/notify';
import { Panel } from '../../../parts/panel';
import { Trouble } from '../../../parts/trouble';
import { builder as builderTexts } from '../../../texts/en/builder';
import classes from './edit.module.css';

const route = getRouteApi('/app/segments/$id');

interface VersionsProps {
  segment: Segment;
  onRestored: (saved: Segment) => void;
}

export function Versions({ segment, onRestored }: VersionsProps) {
  const words = builderTexts;
  const { compare } = route.useSearch();
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const list = useQuery(versions(segment.id));
  const restoring = useMutation({
    mutationFn: (number: number) => restore(segment.id, number),
    onSuccess: (saved, number) => {
      done(words.restored(number));
      onRestored(saved);
      void queryClient.invalidateQueries({ queryKey: ['versions', segment.id] });
    },
    onError: failed,
  });
  const choose = (number: number) =>
    void navigate({ search: (before) => ({ ...before, compare: compare === number ? undefined : number }), replace: true });
  return (
    <Panel title={words.tabs.versions ?? ''} about={words.versionsAbout}>
      {list.isError && <Trouble error={list.error} />}
      {list.isPending && <Skeleton height={160} />}
      <Stack gap="sm">
        {list.data?.items.map((item) => (
          <section key={item.version} aria-label={words.version(item.version)}>
            <Group gap="xs" justify="space-between">
              <Group gap="xs">
                <Text fw={550}>{words.version(item.version)}</Text>
                {item.is_current && <Badge size="sm">{words.current}</Badge>}
                <Text size="sm" c="dimmed">
                  {dayAndTime(item.saved_at)} {item.changed_by && words.by(item.changed_by)}
                </Text>
              </Group>
              {!item.is_current && (
                <Group gap="xs">
                  <Button
                    size="xs"
                    variant="default"
                    aria-expanded={compare === item.version}
                    onClick={() => choose(item.version)}
                  >
                    {words.compare}
                  </Button>
                  <Button size="xs" variant="default" loading={restoring.isPending} onClick={() => restoring.mutate(item.version)}>
                    {words.restore}
                  </Button>
                </Group>
              )}
            </Group>
            {compare === item.version && !item.is_current && (
              <Difference id={segment.id} from={item.version} to={segment.version} />
            )}
          </section>
        ))}
      </Stack>
    </Panel>
  );
}

interface Part {
  text?: string | null;
  match?: string;
}

interface Change {
  change: string;
  from?: Part;
  to?: Part;
}

/** What a segment is, then and now: a rule by what differs in it, a list by how many, a model by the data it learned from. */
interface Definition {
  kind: string;
  differences?: Change[];
  added?: number;
  removed?: number;
  from?: unknown;
  to?: unknown;
}

/** What differs in a segment that is no rule. */
function toldOther({ kind, added = 0, removed = 0, from, to }: Definition): string | undefined {
  const words = builderTexts;
  if (kind === 'ids') return added + removed > 0 ? words.listChanged(count(added), count(removed)) : undefined;
  if (kind === 'model') return from === to ? undefined : words.learnedAnew;
  if (kind === 'segment_type') return words.becameOther(words.segmentKinds[String(from)] ?? String(from), words.segmentKinds[String(to)] ?? String(to));
  return undefined;
}

function toldValue(value: unknown): string {
  const words = builderTexts;
  if (Array.isArray(value)) return value.map(String).join(', ') || words.none;
  if (value === null || value === undefined || value === '') return words.none;
  return words.statuses[String(value)] ?? String(value);
}

const toldPart = (part: Part | undefined): string => part?.text ?? (part?.match ? (builderTexts.matches[part.match] ?? part.match) : '');

function Difference({ id, from, to }: { id: number; from: number; to: number }) {
  const words = builderTexts;
  const found = useQuery({ ...difference(id, from, to), placeholderData: undefined });
  const then = useQuery(versionQuery(id, from)).data;
  if (found.isError) return <Trouble error={found.error} />;
  if (!found.data) return <Skeleton height={80} mt="xs" />;
  const { sizes, attributes } = found.data;
  const definition = found.data.definition as unknown as Definition;
  const changes = definition.differences ?? [];
  const said = attributes as unknown as { attribute: string; from: unknown; to: unknown }[];
  const other = toldOther(definition);
  return (
    <div>
      {sizes && (
        <Text size="sm" mt="xs">
          {words.sizes(count(sizes.from), count(sizes.to), count(sizes.entered), count(sizes.left))}
        </Text>
      )}
      {then?.text && <p className={classes.quote}>{then.text}</p>}
      {other && (
        <Text size="sm" mt="xs">
          {other}
        </Text>
      )}
      {changes.length + said.length === 0 && !other && (
        <Text size="sm" c="dimmed" mt="xs">
          {words.sameVersion}
        </Text>
      )}
      <List size="sm" mt="xs">
        {changes.map((one, i) => (
          // Two changes may read alike; their order is theirs.
          <List.Item key={i}>
            {words.changes[one.change]}: <code>{[toldPart(one.from), toldPart(one.to)].filter(Boolean).join(` ${words.becomes} `)}</code>
          </List.Item>
        ))}
        {said.map((one) => (
          <List.Item key={one.attribute}>
            {words.attribute(words.attributeNames[one.attribute] ?? one.attribute, toldValue(one.from), toldValue(one.to))}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
