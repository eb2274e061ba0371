// How offers are scored: what each reason is worth, when it holds, and which fields of people are asked. Whoever may change
// it does so here; others read it.
import { Button, Group, NumberInput, Select, Skeleton, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { type Matching, matching, saveMatching } from '../../api/offers';
import { schema } from '../../api/overview';
import { REASONS, type ReasonKey } from '../../api/reasons';
import { readable } from '../../format/field';
import { share } from '../../format/number';
import { fieldChoices, fieldSelect } from '../../parts/field-choice';
import { ButtonLink } from '../../parts/link';
import { useMay } from '../../parts/may';
import { done } from '../../parts/notify';
import { Page } from '../../parts/page';
import { Panel } from '../../parts/panel';
import { Trouble } from '../../parts/trouble';
import { offers as offersTexts } from '../../texts/en/offers';
import classes from './offers.module.css';
import { type Typed, USUAL, greatest, requestOf, typedOf } from './settings';

export function Scoring() {
  const words = offersTexts;
  const told = useQuery(matching);
  if (told.data) return <Form key={JSON.stringify(requestOf(typedOf(told.data)))} saved={told.data} />;
  return (
    <Page title={words.scoring} about={words.scoringAbout}>
      {told.isError ? <Trouble error={told.error} onRetry={() => void told.refetch()} /> : <Skeleton height={480} radius="lg" />}
    </Page>
  );
}

interface PartProps {
  typed: Typed;
  change: (changed: Partial<Typed>) => void;
  mayChange: boolean;
}

function Form({ saved }: { saved: Matching }) {
  const words = offersTexts;
  const queries = useQueryClient();
  const mayChange = useMay('write');
  const [typed, setTyped] = useState(() => typedOf(saved));
  const asked = (one: Typed) => JSON.stringify(requestOf(one));
  const isChanged = asked(typed) !== asked(typedOf(saved));
  const save = useMutation({
    mutationFn: () => saveMatching(requestOf(typed)),
    onSuccess: async () => {
      done(words.scoringSaved);
      await queries.invalidateQueries();
    },
  });
  const part = { typed, change: (changed: Partial<Typed>) => setTyped((before) => ({ ...before, ...changed })), mayChange };
  return (
    <Page
      title={words.scoring}
      about={words.scoringAbout}
      actions={
        <Group gap="xs">
          <ButtonLink to="/app/offers" variant="default">
            {words.back}
          </ButtonLink>
          {mayChange && (
            <>
              <Button variant="default" onClick={() => setTyped(typedOf(saved))} disabled={!isChanged}>
                {words.undo}
              </Button>
              <Button onClick={() => save.mutate()} loading={save.isPending} disabled={!isChanged}>
                {words.save}
              </Button>
            </>
          )}
        </Group>
      }
    >
      {save.isError && <Trouble error={save.error} />}
      <Weights {...part} />
      <Rules {...part} />
      <Fields {...part} />
    </Page>
  );
}

function Weights({ typed, change, mayChange }: PartProps) {
  const words = offersTexts;
  const { weights } = typed;
  const sum = greatest(weights);
  const isUsual = REASONS.every((key) => Number(weights[key]) === USUAL[key]);
  const reset = mayChange && (
    <Button size="compact-sm" variant="default" title={words.resetAbout} onClick={() => change({ weights: USUAL })} disabled={isUsual}>
      {words.reset}
    </Button>
  );
  return (
    <Panel title={words.weights} about={sum === 0 ? words.totalNone : words.totalAbout(sum)} aside={reset}>
      <ul className={classes.weights}>
        {REASONS.map((key) => (
          <Weight
            key={key}
            reason={key}
            value={weights[key]}
            sum={sum}
            onChange={mayChange ? (points) => change({ weights: { ...weights, [key]: points } }) : undefined}
          />
        ))}
        <li className={classes.sum}>
          <span>{words.total}</span>
          <span className={classes.weightPoints} role="status" data-sum={sum}>
            {sum}
          </span>
        </li>
      </ul>
    </Panel>
  );
}

interface WeightProps {
  reason: ReasonKey;
  value: string | number;
  sum: number;
  onChange: ((points: string | number) => void) | undefined;
}

function Weight({ reason, value, sum, onChange }: WeightProps) {
  const words = offersTexts;
  const part = sum === 0 ? 0 : Number(value) / sum;
  return (
    <li className={classes.weight}>
      <div>
        <Text fw={550}>{words.reasonNames[reason]}</Text>
        <Text size="sm" c="dimmed">
          {words.weightAbout[reason]}
        </Text>
      </div>
      <span className={classes.weightTrack} aria-hidden>
        <span className={classes.weightFill} style={{ width: `${100 * part}%` }} />
      </span>
      <span className={classes.weightShare}>{share(part)}</span>
      {onChange ? (
        <NumberInput
          aria-label={words.weightOf(words.reasonNames[reason])}
          value={value}
          onChange={onChange}
          min={0}
          max={1_000}
          allowDecimal={false}
        />
      ) : (
        <span className={classes.weightPoints}>{value}</span>
      )}
    </li>
  );
}

function Rules({ typed, change, mayChange }: PartProps) {
  const words = offersTexts;
  const number = { allowDecimal: false, readOnly: !mayChange, hideControls: true };
  return (
    <Panel title={words.rules}>
      <div className={classes.fields}>
        <NumberInput {...number} label={words.engagementMin} value={typed.engagement} onChange={(engagement) => change({ engagement })} min={0} />
        <NumberInput
          {...number}
          label={words.countryWeight}
          description={words.countryWeightAbout}
          value={typed.country}
          onChange={(country) => change({ country })}
          min={0}
        />
        <NumberInput
          {...number}
          label={words.tolerance}
          description={words.toleranceAbout}
          value={typed.tolerance}
          onChange={(tolerance) => change({ tolerance })}
          min={0}
          max={99}
        />
      </div>
    </Panel>
  );
}

function Fields({ typed, change, mayChange }: PartProps) {
  const words = offersTexts;
  const known = useQuery(schema).data?.fields.map((field) => field.name) ?? [];
  const data = (chosen: string) => [
    ...(known.includes(chosen) ? [] : [{ value: chosen, label: words.noField(readable(chosen)) }]),
    ...fieldChoices(known),
  ];
  return (
    <Panel title={words.fields} about={words.fieldsAbout}>
      <div className={classes.fields}>
        {Object.entries(words.fieldOf).map(([key, label]) => {
          const chosen = typed.fields[key] ?? key;
          return (
            <Select
              key={key}
              label={label}
              data={data(chosen)}
              {...fieldSelect}
              value={chosen}
              onChange={(name) => change({ fields: { ...typed.fields, [key]: name ?? chosen } })}
              readOnly={!mayChange}
              allowDeselect={false}
              searchable={mayChange}
            />
          );
        })}
      </div>
    </Panel>
  );
}
