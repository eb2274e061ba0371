// One field: how many have it, how its values are spread, which are frequent, whether it is personal.
import { Badge, Group, Skeleton, Stack, Switch, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { BINS, type Field, binsBetween, distribution, isOrdered, savePersonalFields } from '../../api/fields';
import { Bars } from '../../charts/bars';
import { Figure } from '../../charts/figure';
import { PERCENTILE, cutBins } from '../../charts/scale';
import { count, share } from '../../format/number';
import { readable } from '../../format/field';
import { type Told, valueOf } from '../../format/value';
import { useMay } from '../../parts/may';
import { done, failed } from '../../parts/notify';
import { Trouble } from '../../parts/trouble';
import { data as dataTexts } from '../../texts/en/data';
import { operatorWords } from '../segments/rule/catalog';
import classes from './data.module.css';

/** Different values of an ordered field up to which single ones are shown. */
const FREQUENT_MAX = 120;

interface OneFieldProps {
  field: Field;
  /** Names of all personal fields. */
  personal: string[];
  population: number;
}

export function OneField({ field, personal, population }: OneFieldProps) {
  const words = dataTexts;
  const isHidden = field.masked !== undefined;
  const found = useQuery({ ...distribution(field.name, field.type, PERCENTILE), enabled: !isHidden });
  const told = (value: unknown) => valueOf(value as Told, field.type, words);
  const spread = found.data;
  // Of amounts and times there are so many that none of them is frequent; how they are spread says more.
  const isManyFold = isOrdered(field.type) && (spread?.distinct ?? 0) > FREQUENT_MAX;
  const median = spread?.percentiles?.map((one) => told(one.value)) ?? [];
  const cut = spread ? cutOf(spread, field.type) : null;
  const near = useQuery({ ...binsBetween(field.name, cut ?? []), enabled: cut !== null }).data?.bins?.filter((bin) => bin.from !== null && bin.to !== null);
  const bins = cut === null ? spread?.bins : near;
  return (
    <Stack gap="lg">
      <Text c="dimmed">{words.types[field.type] ?? field.type}</Text>
      <Personal field={field} personal={personal} />
      {isHidden && <Text c="dimmed">{words.hiddenValues}</Text>}
      {found.isError && <Trouble error={found.error} />}
      {!isHidden && found.isPending && <Skeleton height={240} />}
      {spread && (
        <>
          <dl className={classes.facts}>
            <dt>{words.filled}</dt>
            <dd>
              {count(spread.present)} ({share(population === 0 ? 0 : spread.present / population)})
            </dd>
            <dt>{words.missing}</dt>
            <dd>{count(spread.missing)}</dd>
            <dt>{words.distinct}</dt>
            <dd>{count(spread.distinct ?? 0)}</dd>
            {median.length > 2 && spread.present > 0 && (
              <>
                <dt>{words.median}</dt>
                <dd>{median[1]}</dd>
                <dt>{words.middle}</dt>
                <dd>{words.range(median[0] ?? '', median[2] ?? '')}</dd>
              </>
            )}
          </dl>
          {bins && bins.length > 1 && (
            <Spread
              name={readable(field.name)}
              bins={bins.map((bin) => ({ from: told(bin.from), to: told(bin.to), count: bin.count }))}
              isCut={cut !== null}
            />
          )}
          {(spread.top?.length ?? 0) > 0 && !isManyFold && (
            <div>
              <Title order={3} mb="sm">
                {words.top}
              </Title>
              <Bars label={words.top} head={words.topHead} bars={(spread.top ?? []).map((one) => ({ name: told(one.value), value: one.count }))} />
              {(spread.others ?? 0) > 0 && (
                <Text size="sm" c="dimmed" mt="sm">
                  {words.others(count(spread.others ?? 0))}
                </Text>
              )}
            </div>
          )}
        </>
      )}
      <div>
        <Title order={3} mb="sm">
          {words.operators}
        </Title>
        <Group gap={6}>
          {field.operators.map((operator) => (
            <Badge key={operator}>{operatorWords(operator, field.type)}</Badge>
          ))}
        </Group>
      </div>
    </Stack>
  );
}

function Personal({ field, personal }: { field: Field; personal: string[] }) {
  const words = dataTexts;
  const queries = useQueryClient();
  const mayChange = useMay('administer');
  const save = useMutation({
    mutationFn: (is: boolean) =>
      savePersonalFields(is ? [...personal, field.name] : personal.filter((name) => name !== field.name)),
    onSuccess: async (_, is) => {
      await queries.invalidateQueries();
      done(words.personalSaved(readable(field.name), is));
    },
    onError: failed,
  });
  const is = personal.includes(field.name);
  if (!mayChange) return is ? <Badge>{words.personal}</Badge> : null;
  return (
    <Switch
      label={words.personal}
      description={words.personalAbout}
      checked={is}
      disabled={save.isPending}
      onChange={(event) => save.mutate(event.currentTarget.checked)}
    />
  );
}

/** Bounds of bins up to where nearly all values lie, where the others lie far out. */
function cutOf(spread: { min?: unknown; max?: unknown; percentiles?: { value?: unknown }[] | null }, type: string): number[] | null {
  if (!/^(int|float|decimal)/.test(type)) return null;
  const ends = [spread.min, spread.max, spread.percentiles?.[3]?.value].map(Number) as [number, number, number];
  const digits = Math.min(type === 'float' ? 6 : 2, Math.max(0, 1 - Math.floor(Math.log10((ends[2] - ends[0]) / BINS))));
  return cutBins(ends, BINS, type === 'int', (at) => Number(at.toFixed(type === 'int' ? 0 : digits)));
}

const [WIDTH, HEIGHT] = [480, 96];

interface SpreadProps {
  name: string;
  bins: { from: string; to: string; count: number }[];
  /** Whether values lie beyond. */
  isCut: boolean;
}

/** A histogram to look at. */
function Spread({ name, bins, isCut }: SpreadProps) {
  const words = dataTexts;
  const top = Math.max(1, ...bins.map((bin) => bin.count));
  const step = WIDTH / bins.length;
  const height = (value: number) => (value === 0 ? 0 : Math.max(1.5, (HEIGHT * value) / top));
  const rows = bins.map((bin) => [bin.from, bin.to, count(bin.count)]);
  return (
    <Figure label={words.spread(name)} table={{ head: words.spreadHead, rows }} hasTable>
      <svg className={classes.spread} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.spread(name)}>
        {bins.map((bin, i) => (
          <rect key={bin.from} x={i * step + 1} width={step - 2} y={HEIGHT - height(bin.count)} height={height(bin.count)} rx={2} />
        ))}
      </svg>
      <div className={classes.ends} aria-hidden>
        <span>{bins[0]?.from}</span>
        <span>{isCut ? words.andMore(bins.at(-1)?.to ?? '') : bins.at(-1)?.to}</span>
      </div>
    </Figure>
  );
}
