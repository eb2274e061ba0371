// Who is in a segment, page by page; into a list people are put, and out of it they are taken.
import { ActionIcon, Button, Group, Skeleton, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { schema } from '../../../api/overview';
import type { Person } from '../../../api/people';
import { NAME_FIELDS } from '../../../api/person-name';
import { type Segment, changeMembers, members } from '../../../api/segment';
import { readable } from '../../../format/field';
import { count } from '../../../format/number';
import { CloseSign } from '../../../parts/builder-icons';
import { Empty } from '../../../parts/empty';
import { done, failed } from '../../../parts/notify';
import { Panel } from '../../../parts/panel';
import { PersonLink } from '../../../parts/person-link';
import { Cell, Stacked, StackedRow } from '../../../parts/stacked';
import { Trouble } from '../../../parts/trouble';
import { Shown } from '../../../parts/value';
import { builder as builderTexts } from '../../../texts/en/builder';
import { kindOfType } from '../rule/catalog';
import { fromCriteria } from '../rule/criteria';
import type { Json } from '../rule/leaf';
import { testedFields } from './sample';

/** Columns of fields that are shown. */
const COLUMNS = 5;

export function People({ segment }: { segment: Segment }) {
  const words = builderTexts;
  const list = useInfiniteQuery(members(segment.id));
  const people = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.total;
  const isList = segment.segment_type === 'static';
  const first = segment.criteria ? testedFields(fromCriteria(segment.criteria as Json)) : [];
  const types = new Map(useQuery(schema).data?.fields.map((field) => [field.name, field.type]));
  const there = people.flatMap((member) => Object.keys(member.fields)).filter((name) => !NAME_FIELDS.includes(name));
  const columns = [...new Set([...first, ...there])].slice(0, COLUMNS);
  const isNumber = (name: string) => kindOfType(types.get(name) ?? '') === 'number';
  const changing = useChanging(segment.id);
  return (
    <Panel title={words.peopleTitle} about={total === undefined ? undefined : words.segmentSize(count(total))}>
      {isList && <Adding segment={segment.id} />}
      {list.isError && <Trouble error={list.error} />}
      {list.isPending && <Skeleton height={280} />}
      {list.isSuccess && people.length === 0 && <Empty title={words.noPeople} />}
      {people.length > 0 && (
        <Stacked
          label={words.peopleTitle}
          below="wide"
          verticalSpacing="xs"
          highlightOnHover
          head={[words.person, ...columns.map(readable), ...(isList ? [words.peopleDo] : [])]}
          figures={columns.flatMap((name, i) => (isNumber(name) ? [i + 1] : []))}
        >
          {people.map((member) => (
            <StackedRow key={String(member.id)}>
              <Cell>
                <PersonLink person={member} />
              </Cell>
              {columns.map((name) => (
                <Cell key={name} of={readable(name)} isFigure={isNumber(name)}>
                  <Shown value={(member as Person).fields[name]} type={types.get(name) ?? ''} isMasked={(member as Person).masked?.includes(name)} />
                </Cell>
              ))}
              {isList && (
                <Cell>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={words.removePerson(String(member.id))}
                    onClick={() =>
                      changing.mutate(
                        { add: [], remove: [String(member.id)] },
                        { onSuccess: () => done(words.removedPerson(String(member.id))) },
                      )
                    }
                  >
                    <CloseSign size={14} />
                  </ActionIcon>
                </Cell>
              )}
            </StackedRow>
          ))}
        </Stacked>
      )}
      {list.hasNextPage && (
        <Button variant="default" mt="md" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {words.peopleMore}
        </Button>
      )}
    </Panel>
  );
}

function useChanging(id: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ add, remove }: { add: string[]; remove: string[] }) => changeMembers(id, add, remove),
    onSuccess: () => {
      for (const key of [['members', id], ['segment', String(id)], ['segments'], ['dashboard'], ['versions', id]]) {
        void queryClient.invalidateQueries({ queryKey: key });
      }
    },
    onError: failed,
  });
}

interface Noted {
  added: number;
  already_in: number;
  unknown: number;
}

function Adding({ segment }: { segment: number }) {
  const words = builderTexts;
  const [ids, setIds] = useState('');
  const changing = useChanging(segment);
  const add = () => {
    const wanted = ids.split(/[\s,;]+/).filter(Boolean);
    if (wanted.length === 0) return;
    changing.mutate(
      { add: wanted, remove: [] },
      {
        onSuccess: (answer) => {
          const noted = answer.add as unknown as Noted;
          setIds('');
          const more = noted.unknown > 0 ? ` ${words.unknownAdded(noted.unknown)}` : '';
          done(`${words.added(noted.added, noted.already_in)}.${more}`);
        },
      },
    );
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <Group align="flex-end" gap="xs" mb="md">
        <TextInput
          label={words.addPeople}
          placeholder={words.addPeopleHint}
          value={ids}
          onChange={(event) => setIds(event.currentTarget.value)}
          flex="1 1 14rem"
        />
        <Button type="submit" variant="default" loading={changing.isPending}>
          {words.add}
        </Button>
      </Group>
    </form>
  );
}
