// How an audience comes about, as a sum that can be checked by hand: gross - duplicates - excluded - gates = final.
import type { Breakdown, WaterfallStep } from '../../api/audiences';
import type { Step } from '../../charts/waterfall';

/** Kinds of the waterfall that the definition names itself; the others are gates. */
const NAMED = new Set(['segment', 'customers', 'list']);

export interface Source {
  /** `everyone`, `segment`, `segments`, `customers` or `list`. */
  kind: string;
  /** The id of the segment or list. */
  key: string;
  /** People in it. */
  size: number;
  /** Of those, whom no earlier source had. */
  added: number;
  /** Of those, whom no other source has. */
  only: number;
}

/** What the breakdown says of each source, in the order of the definition. */
export const sourcesOf = (breakdown: Breakdown): Source[] => breakdown.sources as unknown as Source[];

interface Named {
  kind: string;
  key: string;
}

/** The same with segments by their numbers. What is saved calls them as whoever saved it did, in the order of the definition. */
export function byNumber(breakdown: Breakdown, include: number[], exclude: number[]): Breakdown {
  const called = (parts: Named[]) => parts.filter((part) => part.kind === 'segment').map((part) => part.key);
  const numbers = (names: string[], ids: number[]) => new Map(names.map((name, i) => [name, String(ids[i] ?? name)]));
  const come = numbers(called(breakdown.sources as unknown as Named[]), include);
  const go = numbers(called(breakdown.exclusions as unknown as Named[]), exclude);
  const renamed = (parts: unknown, names: Map<string, string>) =>
    (parts as Named[]).map((part) => (part.kind === 'segment' ? { ...part, key: names.get(part.key) ?? part.key } : part)) as never[];
  const waterfall = breakdown.waterfall.map((step) => {
    const [, name = ''] = step.reason.split(/^excluded_segment:/);
    return step.kind === 'segment' ? { ...step, reason: `excluded_segment:${go.get(name) ?? name}` } : step;
  });
  return { ...breakdown, sources: renamed(breakdown.sources, come), exclusions: renamed(breakdown.exclusions, go), waterfall };
}

export interface Sums {
  /** All sources put side by side: whoever is in two counts twice. */
  gross: number;
  /** Counted more than once. */
  duplicates: number;
  /** Taken out by what the definition excludes. */
  excluded: number;
  /** Taken out by what holds for everybody, and by shares. */
  gates: number;
  final: number;
}

/** The sums of a breakdown. */
export function sumsOf(breakdown: Breakdown): Sums {
  const gross = sourcesOf(breakdown).reduce((sum, source) => sum + source.size, 0);
  const removed = (isNamed: boolean) =>
    breakdown.waterfall.filter((step) => NAMED.has(step.kind) === isNamed).reduce((sum, step) => sum + step.removed, 0);
  const excluded = removed(true);
  const gates = removed(false);
  return { gross, duplicates: gross - breakdown.base, excluded, gates, final: breakdown.base - excluded - gates };
}

/** Whether the sums of an answer are those of its count; a server of another version might count otherwise. */
export function addsUp(breakdown: Breakdown, count: number): boolean {
  const { gross, duplicates, excluded, gates, final } = sumsOf(breakdown);
  return gross - duplicates - excluded - gates === final && final === count && duplicates >= 0;
}

/** The same step by step: each source whole, those counted twice, then each exclusion and gate with whom it takes. */
export function stepsOf(
  breakdown: Breakdown,
  nameOfSource: (source: Source) => string,
  nameOfStep: (step: WaterfallStep) => string,
  duplicatesName: string,
): Step[] {
  const { duplicates } = sumsOf(breakdown);
  const come = sourcesOf(breakdown).map((source) => ({ name: nameOfSource(source), by: source.size }));
  const twice = duplicates > 0 ? [{ name: duplicatesName, by: 0 - duplicates }] : [];
  const go = breakdown.waterfall.map((step) => ({ name: nameOfStep(step), by: 0 - step.removed }));
  return [...come, ...twice, ...go];
}
