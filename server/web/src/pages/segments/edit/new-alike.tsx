// A look-alike segment before it is saved: whose people others are to be like, how many, why these, and how far to trust it.
import { Button, Card, Checkbox, Group, NumberInput, SegmentedControl, Select, Skeleton, Slider, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { type Aim, type AlikeWish, type HoldOut, type Reach, type Trait, alikePreview, makeAlike } from '../../../api/made';
import { dashboard } from '../../../api/overview';
import { ReachCurve } from '../../../charts/reach';
import { readable } from '../../../format/field';
import { count, share } from '../../../format/number';
import { useInWords } from '../../../parts/in-words';
import { Page } from '../../../parts/page';
import { Panel } from '../../../parts/panel';
import { Cell, Stacked, StackedRow } from '../../../parts/stacked';
import { Trouble } from '../../../parts/trouble';
import { made as madeTexts } from '../../../texts/en/made';
import classes from './edit.module.css';
import { Kinds } from './kinds';
import { useSaving } from './saving';

/** Milliseconds without a change after which it is trained anew. */
const PAUSE_MS = 200;

/** Traits that are shown; the rest counts for less. */
const TRAITS = 12;

type How = keyof typeof madeTexts.hows;

const PROPOSED: Record<How, number> = { size: 1_000, share: 5, similarity: 0.5 };

function aimOf(how: How, value: number): Aim | null {
  if (!(value > 0)) return null;
  if (how === 'size') return { size: Math.round(value) };
  return how === 'share' ? { share: Math.min(1, value / 100) } : { min_similarity: Math.min(1, value) };
}

export function NewAlike() {
  const words = madeTexts;
  const segments = useQuery(dashboard).data?.segments ?? [];
  const [source, setSource] = useState<string | null>(null);
  const [how, setHow] = useState<How>('size');
  const [value, setValue] = useState<number | string>(PROPOSED.size);
  const [isIncluded, setIncluded] = useState(false);
  const aim = aimOf(how, Number(value));
  const wish: AlikeWish | null = source !== null && aim ? { source: Number(source), aim, include_source: isIncluded } : null;
  const [settled] = useDebouncedValue(JSON.stringify(wish), PAUSE_MS);
  const found = useQuery(alikePreview(JSON.parse(settled) as AlikeWish | null));
  const shown = wish && found.data;
  const { name, setName, nameError, save, saving } = useSaving(wish && ((called) => makeAlike(called, wish)), (saved) => words.saved(saved.name));
  return (
    <Page
      title={words.alikeTitle}
      about={words.alikeAbout}
      actions={
        <Button onClick={save} loading={saving.isPending} disabled={!wish || found.isError}>
          {words.save}
        </Button>
      }
    >
      <Kinds kind="alike" />
      {saving.isError && <Trouble error={saving.error} />}
      <Card>
        <Stack gap="md">
          <div className={classes.sides}>
            <TextInput id="segment-name" label={words.name} value={name} error={nameError} onChange={(event) => setName(event.currentTarget.value)} />
            <Select
              label={words.source}
              data={segments.map((one) => ({ value: String(one.id), label: one.name }))}
              value={source}
              onChange={setSource}
              placeholder={segments.length === 0 ? words.none : words.choose}
              searchable
            />
          </div>
          <Group align="flex-end" gap="md">
            <SegmentedControl
              aria-label={words.how}
              data={Object.entries(words.hows).map(([key, label]) => ({ value: key, label }))}
              value={how}
              onChange={(next) => {
                setHow(next as How);
                setValue(PROPOSED[next as How]);
              }}
            />
            {how === 'similarity' ? (
              <Similarity reach={shown?.reach ?? []} value={Number(value)} onChange={setValue} />
            ) : (
              <NumberInput
                label={how === 'size' ? words.size : words.share}
                value={value}
                onChange={setValue}
                min={0}
                max={how === 'share' ? 100 : undefined}
                allowDecimal={how === 'share'}
                thousandSeparator=","
                hideControls
              />
            )}
          </Group>
          <Checkbox label={words.isIncluded} checked={isIncluded} onChange={(event) => setIncluded(event.currentTarget.checked)} />
        </Stack>
      </Card>
      {!wish && <Text c="dimmed">{words.noSource}</Text>}
      {wish && found.isError && <Trouble error={found.error} />}
      {wish && found.isPending && <Skeleton height={260} radius="lg" aria-label={words.counting} />}
      {shown && (
        <>
          <Panel title={words.reach} about={words.reachAbout}>
            <Text fz="xl" fw={620} role="status" data-alike={shown.count} aria-busy={found.isPlaceholderData}>
              {words.people(shown.count, count(shown.count))}
            </Text>
            <ReachCurve
              label={words.reach}
              head={words.reachHead as [string, string]}
              points={shown.reach.map(({ similarity, count: people }) => ({ from: similarity, count: people }))}
              isChosen={(point) => point.count <= shown.count}
            />
          </Panel>
          <Traits traits={shown.traits} skipped={shown.skipped.length} />
          <Worth held={shown.hold_out} />
        </>
      )}
    </Page>
  );
}

function Similarity({ reach, value, onChange }: { reach: Reach[]; value: number; onChange: (value: number) => void }) {
  const words = madeTexts;
  const at = (similarity: number) => reach.filter((one) => one.similarity >= similarity).reduce((most, one) => Math.max(most, one.count), 0);
  const told = (similarity: number) => words.similarityTold(similarity, count(at(similarity)));
  return (
    <div style={{ flex: '1 1 16rem' }}>
      <Text size="sm" fw={500} aria-hidden>
        {words.similarity}
      </Text>
      <Slider
        min={0.01}
        max={1}
        step={0.01}
        value={value}
        onChange={onChange}
        label={null}
        thumbLabel={words.similarity}
        thumbValueText={told}
      />
      <Text size="sm" c="dimmed" aria-hidden>
        {told(value)}
      </Text>
    </div>
  );
}

function Traits({ traits, skipped }: { traits: Trait[]; skipped: number }) {
  const words = madeTexts;
  const inWords = useInWords();
  return (
    <Panel title={words.traits} about={words.traitsAbout}>
      <Stacked label={words.traits} below="narrow" verticalSpacing={6} horizontalSpacing="sm" head={Object.values(words.traitHead)} figures={[1, 2, 3]}>
        {traits.slice(0, TRAITS).map((one, i) => (
          // Traits that are hidden read alike; their order is theirs.
          <StackedRow key={i}>
            <Cell>{one.text === undefined ? words.hiddenTrait(readable(one.field)) : inWords(one.text)}</Cell>
            <Cell of={words.traitHead.source} isFigure>
              {one.source_share === undefined ? '' : share(one.source_share)}
            </Cell>
            <Cell of={words.traitHead.others} isFigure>
              {one.others_share === undefined ? '' : share(one.others_share)}
            </Cell>
            <Cell of={words.traitHead.points} isFigure>
              {one.weight}
            </Cell>
          </StackedRow>
        ))}
      </Stacked>
      {skipped > 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          {words.skipped(skipped)}
        </Text>
      )}
    </Panel>
  );
}

function Worth({ held }: { held: HoldOut | null }) {
  const words = madeTexts;
  const rounded = (value: number) => count(Math.round(value));
  return (
    <Panel title={words.worth}>
      {held ? (
        <>
          {held.lift !== null && <Text fw={550}>{words.lift(Math.round(held.lift * 10) / 10)}</Text>}
          <Text size="sm">{words.worthAbout(count(held.held_out), count(held.size), rounded(held.recovered), rounded(held.by_chance))}</Text>
        </>
      ) : (
        <Text size="sm">{words.noWorth}</Text>
      )}
    </Panel>
  );
}
