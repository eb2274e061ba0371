// What saving would change, before it is saved: who comes in, who goes out, and what else moves with it.
import { Alert, Button, Group, List, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';

import { problemFrom } from '../../../api/problem';
import { preview } from '../../../api/rule';
import { type Segment, change, moved } from '../../../api/segment';
import { change as signed, count } from '../../../format/number';
import { Dialog } from '../../../parts/dialog';
import { Trouble } from '../../../parts/trouble';
import { builder as builderTexts } from '../../../texts/en/builder';
import { type Draft, savedOf } from './draft';
import classes from './edit.module.css';
import { Somebody, testedFields } from './sample';

interface ReviewProps {
  base: Segment;
  before: Draft;
  draft: Draft;
  onClose: () => void;
  onSaved: (saved: Segment) => void;
  /** Somebody else has saved meanwhile. */
  onStale: () => void;
}

const WORDS = ['name', 'description', 'tags', 'status'] as const;

export function Review({ base, before, draft, onClose, onSaved, onStale }: ReviewProps) {
  const words = builderTexts;
  const [was, is] = [savedOf(before), savedOf(draft)];
  const isRuleChanged = JSON.stringify(was.criteria) !== JSON.stringify(is.criteria);
  const saving = useMutation({
    mutationFn: (confirm: boolean) => {
      const { criteria, ...rest } = is;
      const rule = isRuleChanged && criteria ? { criteria } : {};
      return change(base.id, base.version, { ...rest, ...rule, ...(confirm ? { confirm } : {}) });
    },
    onSuccess: onSaved,
    onError: (thrown) => problemFrom(thrown).status === 412 && onStale(),
  });
  const problem = saving.error ? problemFrom(saving.error) : null;
  const isLarge = problem?.status === 409 && problem.mistakes.some((one) => one.code === 'large_change');
  const told = (value: string | string[]) => (Array.isArray(value) ? value.join(', ') : value);
  const attributes = WORDS.filter((name) => told(was[name]) !== told(is[name]));
  return (
    <Dialog onClose={onClose} title={words.reviewTitle} size="lg" classNames={{ title: classes.title }} closeButtonProps={{ 'aria-label': words.cancel }}>
      <Stack gap="md">
        {isRuleChanged && is.criteria ? <Moved base={base} draft={draft} /> : <Text size="sm">{words.onlyWords}</Text>}
        {attributes.length > 0 && (
          <div>
            <Text size="sm" fw={550}>
              {words.attributes}
            </Text>
            <List size="sm">
              {attributes.map((name) => (
                <List.Item key={name}>{words.attribute(words[name], told(was[name]), told(is[name]))}</List.Item>
              ))}
            </List>
          </div>
        )}
        {isLarge && (
          <Alert variant="default" role="alert" title={words.large}>
            <Text size="sm">{problem.said}</Text>
          </Alert>
        )}
        {problem && !isLarge && problem.status !== 412 && <Trouble error={problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button loading={saving.isPending} onClick={() => saving.mutate(isLarge)} data-autofocus>
            {isLarge ? words.confirm : words.save}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function Moved({ base, draft }: { base: Segment; draft: Draft }) {
  const words = builderTexts;
  const criteria = savedOf(draft).criteria ?? null;
  const found = useQuery(moved(base.id, criteria ?? {}));
  const then = useQuery(preview(criteria)).data?.text;
  const first = testedFields(draft.root);
  if (found.isError) return <Trouble error={found.error} />;
  if (!found.data) return <Skeleton height={160} />;
  const { data } = found;
  const numbers = [
    [words.before, count(data.before)],
    [words.entered, signed(data.entered)],
    [words.left, signed(-data.left)],
    [words.after, count(data.after)],
  ] as const;
  const dependants = [...data.segments, ...data.audiences];
  return (
    <>
      <SimpleGrid cols={{ base: 2, xs: 4 }} component="dl" m={0}>
        {numbers.map(([label, value]) => (
          <div key={label}>
            <Text component="dt" size="sm" c="dimmed">
              {label}
            </Text>
            <Text component="dd" m={0} fz="xl" fw={620} style={{ fontVariantNumeric: 'tabular-nums' }}>
              {value}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      <div className={classes.sides}>
        {[
          { title: words.ruleNow, text: base.text },
          { title: words.ruleThen, text: then },
        ].map(({ title, text }) => (
          <div key={title}>
            <Text size="sm" fw={550}>
              {title}
            </Text>
            <p className={classes.quote}>{text}</p>
          </div>
        ))}
      </div>
      <div className={classes.sides}>
        {[
          { title: words.enteredList, people: data.entered_sample },
          { title: words.leftList, people: data.left_sample },
        ]
          .filter(({ people }) => people.length > 0)
          .map(({ title, people }) => (
            <div key={title}>
              <Text size="sm" fw={550}>
                {title}
              </Text>
              <ul className={classes.people}>
                {people.map((member) => (
                  <Somebody key={String(member.id)} member={member} first={first} />
                ))}
              </ul>
            </div>
          ))}
      </div>
      {dependants.length > 0 && (
        <div>
          <Text size="sm" fw={550}>
            {words.dependants}
          </Text>
          <List size="sm">
            {dependants.map((one, i) => (
              // A segment and an audience may have the same id.
              <List.Item key={`${i} ${one.id}`}>{words.dependant(one.name, count(one.before), count(one.after))}</List.Item>
            ))}
          </List>
        </div>
      )}
    </>
  );
}
