// How a field's values are spread, among all and in the rest of the rule; its bounds are the rule's.
import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { printed } from '../../../api/exact';
import { distribution } from '../../../api/rule';
import { readable } from '../../../format/field';
import { type Bin, type Bounds, Histogram } from '../../../charts/histogram';
import { PERCENTILE, cutBins } from '../../../charts/scale';
import { count, wholePrice } from '../../../format/number';
import { calendarDay } from '../../../format/time';
import { MONEY } from '../../../format/value';
import { Trouble } from '../../../parts/trouble';
import { builder as builderTexts } from '../../../texts/en/builder';
import classes from './builder.module.css';
import { kindOfType, plainType } from './catalog';
import { useRoot } from './context';
import { restOf } from './criteria';
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
  const root = useRoot(true);
  const within = root && restOf(root, node);
  const isMoment = kindOfType(type) === 'moment';
  const place = (value: unknown): number => (isMoment ? Date.parse(String(value)) : Number(printed(value)));
  const whole = useQuery(distribution(field, null, { bins: BINS, percentiles: [PERCENTILE] }));
  const cut = isMoment || !whole.data ? null : cutOf(whole.data, plainType(type) === 'int');
  const near = useQuery({ ...distribution(field, null, { bounds: cut ?? [] }), enabled: cut !== null });
  const all = cut === null ? whole : near;
  const edges = (all.data?.bins ?? []).flatMap((bin) => [bin.from, bin.to]).filter((edge, i, list) => edge !== null && edge !== list[i - 1]);
  const some = useQuery({ ...distribution(field, within, { bounds: edges }), enabled: within !== null && edges.length > 1 }).data;
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
  if (!first || !last) return <Text size="sm">{builderTexts.spreadNone}</Text>;
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
  const amount = type === MONEY ? wholePrice : count;
  const told = (at: number) => (isMoment ? calendarDay(new Date(at)) : amount(rounded(at, scale[1] - scale[0], plainType(type) === 'int')));
  return (
    <div className={classes.spread}>
      <Histogram label={builderTexts.spreadOf(readable(field))} bins={bins} bounds={bounds} onBounds={move} unit={isMoment ? DAY_MS : plainType(type) === 'int' ? 1 : 0} told={told} width={520} height={104} />
      <div className={classes.ends}>
        <span>{told(scale[0])}</span>
        <span>{cut === null ? told(scale[1]) : builderTexts.andMore(told(scale[1]))}</span>
      </div>
      <Text size="xs" c="dimmed" mt={2}>
        {within === null ? builderTexts.spreadAlone : builderTexts.spreadAbout}
        {plainType(type) === 'time' && ` ${builderTexts.spreadDays}`}
      </Text>
    </div>
  );
}

/** Bounds of bins up to the percentile, where most of the stretch is nearly empty. */
function cutOf(spread: { min?: unknown; max?: unknown; percentiles?: { value?: unknown }[] | null }, isWhole: boolean): number[] | null {
  const ends = [spread.min, spread.max, spread.percentiles?.[0]?.value].map(Number) as [number, number, number];
  return cutBins(ends, BINS, isWhole, (at) => rounded(at, ends[2] - ends[0], isWhole));
}
