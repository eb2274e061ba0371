// How a field's values are spread, among all and in the rest of the rule; its bounds are the rule's.
import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { distribution } from '../../../api/rule';
import { type Bin, type Bounds, Histogram } from '../../../charts/histogram';
import { count } from '../../../format/number';
import { day } from '../../../format/time';
import { Trouble } from '../../../parts/trouble';
import { texts } from '../../../texts/en';
import classes from './builder.module.css';
import { kindOfType, plainType, readable } from './catalog';
import { useBuilder } from './context';
import type { Json, Leaf } from './leaf';
import { boundsOf, rounded } from './number';

const BINS = 40;
const DAY_MS = 86_400_000;

interface SpreadProps {
  node: string;
  type: string;
  leaf: Leaf;
  onChange: (leaf: Leaf) => void;
}

export function Spread({ node, type, leaf, onChange }: SpreadProps) {
  const field = String(leaf.field);
  const { rest } = useBuilder();
  const within = rest(node);
  const all = useQuery(distribution(field, null, { bins: BINS }));
  const edges = (all.data?.bins ?? []).flatMap((bin, i) => (i === 0 ? [bin.from, bin.to] : [bin.to])).filter((edge) => edge !== null);
  const some = useQuery({ ...distribution(field, within, { bounds: edges }), enabled: within !== null && edges.length > 1 }).data;
  const isMoment = kindOfType(type) === 'moment';
  const place = (value: unknown): number => (isMoment ? Date.parse(String(value)) : Number(value));
  if (all.isError) return <Trouble error={all.error} />;
  if (!all.data) return <Skeleton height={120} className={classes.spread} />;
  const inRest = new Map((some?.bins ?? []).filter((bin) => bin.from !== null).map((bin) => [place(bin.from), bin.count]));
  const bins: Bin[] = (all.data.bins ?? [])
    .filter((bin) => bin.from !== null && bin.to !== null)
    .map((bin) => {
      const from = place(bin.from);
      return { from, to: place(bin.to), count: bin.count, ...(within === null ? {} : { within: inRest.get(from) ?? 0 }) };
    });
  const [first, last] = [bins[0], bins.at(-1)];
  if (!first || !last) return <Text size="sm">{texts.builder.spreadNone}</Text>;
  const scale: Bounds = [first.from, last.to];
  const now = Date.parse(all.data.now);
  const bounds = boundsOf(leaf.operator, leaf.value, scale, place, now);
  const valueAt = (at: number): Json => {
    if (!isMoment) return rounded(at, scale[1] - scale[0], plainType(type) === 'int');
    const instant = new Date(Math.round(at / DAY_MS) * DAY_MS).toISOString();
    return plainType(type) === 'date' ? instant.slice(0, 10) : `${instant.slice(0, 19)}Z`;
  };
  const { value: _, ...bare } = leaf;
  const move = ([low, high]: Bounds) => {
    const isOpen = [low <= scale[0], high >= scale[1]];
    if (leaf.operator === 'within_days' && high === bounds[1]) {
      onChange({ ...leaf, value: Math.max(0, Math.round((now - low) / DAY_MS)) });
    } else if (leaf.operator === 'before_days' && low === bounds[0]) {
      onChange({ ...leaf, value: Math.max(0, Math.round((now - high) / DAY_MS)) });
    } else if (isOpen[0] && !isOpen[1]) {
      onChange({ ...bare, operator: '<=', value: valueAt(high) });
    } else if (isOpen[1] && !isOpen[0]) {
      onChange({ ...bare, operator: '>=', value: valueAt(low) });
    } else {
      onChange({ ...bare, operator: 'between', value: [valueAt(low), valueAt(high)] });
    }
  };
  const told = (at: number) => (isMoment ? day(new Date(at)) : count(rounded(at, scale[1] - scale[0], plainType(type) === 'int')));
  return (
    <div className={classes.spread}>
      <Histogram label={texts.builder.spreadOf(readable(field))} bins={bins} bounds={bounds} onBounds={move} told={told} width={520} height={104} />
      <Text size="xs" c="dimmed" style={{ display: 'flex', justifyContent: 'space-between' }}>
        <span>{told(scale[0])}</span>
        <span>{within === null ? '' : texts.builder.spreadAbout}</span>
        <span>{told(scale[1])}</span>
      </Text>
    </div>
  );
}
