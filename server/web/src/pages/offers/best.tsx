// Whom an offer fits best: a lowest score, how many reach it, and the best of them. Everything that depends on the score is
// counted here from how many have which, so that it follows while the score is moved.
import { Button, Grid, Group, NumberInput, Skeleton, Slider, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useDebouncedCallback, useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, Suspense, lazy, useState } from 'react';

import { type Offer, type Matching, type Recommendations, bestFor, matching, noteFigure } from '../../api/offers';
import { weightsOf } from '../../api/reasons';
import { ReachCurve } from '../../charts/reach';
import { change, count, share } from '../../format/number';
import { dayAndTime } from '../../format/time';
import { Empty } from '../../parts/empty';
import { May } from '../../parts/may';
import { done, failed } from '../../parts/notify';
import { Panel } from '../../parts/panel';
import { Trouble } from '../../parts/trouble';
import { offers as offersTexts } from '../../texts/en/offers';
import { Brings } from './brings';
import { Facts } from './facts';
import classes from './offers.module.css';
import { curveOf, reaching, usualLeast } from './scores';
import { BestTable } from './table';

const MakeSegment = lazy(() => import('./make').then((part) => ({ default: part.MakeSegment })));

const route = getRouteApi('/app/offers/$id');

/** People that are shown at first, and at most: more is a segment. */
const SHOWN = 25;
const SHOWN_MAX = 500;

/** Milliseconds after which a choice that stands is asked for, and is in the address. */
const PAUSE_MS = 250;

/** Milliseconds after which a number that stands is read out. */
const READ_OUT_MS = 1_000;

export function Best({ offer }: { offer: Offer }) {
  const { most: chosen } = route.useSearch();
  const [most, setMost] = useState<string | number>(chosen ?? SHOWN);
  const [asked] = useDebouncedValue(within(most), PAUSE_MS);
  const found = useQuery(bestFor(offer.id, asked));
  const settings = useQuery(matching).data;
  if (!found.data || !settings) {
    return found.isError ? <Trouble error={found.error} onRetry={() => void found.refetch()} /> : <Skeleton height={480} radius="lg" />;
  }
  return <Ranked offer={offer} found={found.data} settings={settings} most={most} setMost={setMost} />;
}

const within = (most: string | number) => Math.min(SHOWN_MAX, Math.max(1, Number(most) || SHOWN));

interface RankedProps {
  offer: Offer;
  found: Recommendations;
  settings: Matching;
  most: string | number;
  setMost: (most: string | number) => void;
}

function Ranked({ offer, found, settings, most, setMost }: RankedProps) {
  const words = offersTexts;
  const greatest = Math.max(1, found.max_score);
  const { least, typed, move } = useLeast(usualLeast(found.factors), greatest);
  const total = reaching(found.distribution, least);
  const people = found.customers.filter((one) => one.score >= least).slice(0, within(most));
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Panel title={words.best} about={words.bestAbout}>
          <Stack gap="md">
            <Group justify="space-between" align="flex-end" gap="md">
              <Total found={found} least={least} total={total} />
              <May right="write">
                <Make offer={offer} least={least} total={total} greatest={greatest} ids={people.map((one) => String(one.customer_id))} />
              </May>
            </Group>
            <Choice found={found} least={least} typed={typed} move={move} greatest={greatest} most={most} setMost={setMost}>
              <May right="write">
                <Note offer={offer} least={least} />
              </May>
            </Choice>
            <Noted found={found} />
          </Stack>
        </Panel>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Brings found={found} settings={settings} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Panel title={words.ranked} about={people.length > 0 && people.length < total && words.truncated(count(people.length), count(total))}>
          {people.length === 0 ? (
            <Empty title={words.nobody}>{words.nobodyAbout(found.distribution[0]?.score ?? 0)}</Empty>
          ) : (
            <BestTable people={people} weights={weightsOf(settings.weights)} />
          )}
        </Panel>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Facts offer={offer} />
      </Grid.Col>
    </Grid>
  );
}

/** How many reach the score; said aloud once it stands. */
function Total({ found, least, total }: { found: Recommendations; least: number; total: number }) {
  const words = offersTexts;
  const [readOut] = useDebouncedValue(words.leastTold(least, count(total)), READ_OUT_MS);
  return (
    <div data-reaching={total}>
      <Text className={classes.total}>{words.reaching(total, count(total))}</Text>
      <Text size="sm" c="dimmed">
        {words.reachingAbout(least, found.max_score, share(found.population === 0 ? 0 : total / found.population))}
      </Text>
      <VisuallyHidden role="status">{readOut}</VisuallyHidden>
    </div>
  );
}

/** The lowest score: what was moved to or typed, what the address says, or what is usual. What is no score moves nothing. */
function useLeast(usual: number, greatest: number) {
  const { least: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const [moved, setMoved] = useState(chosen);
  const [typed, setTyped] = useState<string | number>();
  const keep = useDebouncedCallback((least: number) => void navigate({ search: (before) => ({ ...before, least }), replace: true, resetScroll: false }), PAUSE_MS);
  const least = Math.min(greatest, Math.max(1, moved ?? usual));
  const move = (score: string | number) => {
    setTyped(score);
    if (!(Number(score) >= 1)) return;
    setMoved(Number(score));
    keep(Number(score));
  };
  return { least, typed: typed ?? least, move };
}

interface ChoiceProps {
  found: Recommendations;
  least: number;
  typed: string | number;
  move: (score: string | number) => void;
  greatest: number;
  most: string | number;
  setMost: (most: string | number) => void;
  /** What else is done with the score. */
  children: ReactNode;
}

function Choice({ found, least, typed, move, greatest, most, setMost, children }: ChoiceProps) {
  const words = offersTexts;
  const navigate = route.useNavigate();
  const keep = useDebouncedCallback((kept: number) => void navigate({ search: (before) => ({ ...before, most: kept }), replace: true, resetScroll: false }), PAUSE_MS);
  return (
    <div>
      <ReachCurve
        label={words.reach}
        head={words.reachHead}
        points={curveOf(found.distribution, greatest, least)}
        isChosen={(point) => point.from >= least}
      >
        <div className={classes.slider}>
          <Slider
            min={1}
            max={greatest}
            value={least}
            onChange={move}
            label={null}
            thumbLabel={words.least}
            thumbValueText={(score) => words.leastTold(score, count(reaching(found.distribution, score)))}
          />
        </div>
      </ReachCurve>
      <Group gap="md" align="flex-end" mt="md">
        <NumberInput label={words.least} value={typed} onChange={move} min={1} max={greatest} allowDecimal={false} w={130} />
        <NumberInput
          label={words.most}
          value={most}
          onChange={(next) => {
            setMost(next);
            keep(within(next));
          }}
          min={1}
          max={SHOWN_MAX}
          allowDecimal={false}
          w={150}
        />
        {children}
      </Group>
    </div>
  );
}

function Make(props: { offer: Offer; least: number; total: number; greatest: number; ids: string[] }) {
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button onClick={dialog.open} disabled={props.total === 0}>
        {offersTexts.make}
      </Button>
      {isOpen && (
        <Suspense>
          <MakeSegment {...props} onClose={dialog.close} />
        </Suspense>
      )}
    </>
  );
}

/** Keeps how many reach the score now. */
function Note({ offer, least }: { offer: Offer; least: number }) {
  const words = offersTexts;
  const queries = useQueryClient();
  const note = useMutation({
    mutationFn: () => noteFigure(offer.id, least),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['offer', offer.id] });
      done(words.notedNow);
    },
    onError: failed,
  });
  return (
    <Button variant="default" ml="auto" loading={note.isPending} onClick={() => note.mutate()}>
      {words.note}
    </Button>
  );
}

/** How many it was when somebody noted it, beside how many it is now. */
function Noted({ found }: { found: Recommendations }) {
  const words = offersTexts;
  const noted = found.generated;
  if (!noted) return null;
  const now = reaching(found.distribution, noted.min_score);
  return (
    <Text size="sm" c="dimmed">
      {words.noted(dayAndTime(noted.generated_at), noted.min_score, count(noted.total), count(now), change(now - noted.total))}
    </Text>
  );
}
