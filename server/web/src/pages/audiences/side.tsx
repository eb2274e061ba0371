// One side of an audience: what is on it, and how to add more.
import { Button, SegmentedControl, Stack, Text } from '@mantine/core';
import { Suspense, lazy, useState } from 'react';

import { Panel } from '../../parts/panel';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import { AddPeople } from './add-people';
import { AddSet } from './add-set';
import classes from './audiences.module.css';
import { type Draft, type Match, type Side, type SideName, withAdded, without } from './draft';
import type { Names } from './names';
import { Parts } from './parts';
import type { Live } from './preview';
import { UploadSign } from './signs';

const UploadModal = lazy(() => import('./upload').then((part) => ({ default: part.UploadModal })));

interface SideProps {
  side: SideName;
  draft: Draft;
  change: (changed: Partial<Draft>) => void;
  live: Live;
  names: Names;
}

export function SidePanel({ side, draft, change, live, names }: SideProps) {
  const words = audiencesTexts;
  const [isUploading, setUploading] = useState(false);
  const here = draft[side];
  const add = (added: Partial<Side>) => change({ [side]: withAdded(here, added) });
  const drop = (gone: Partial<Side>) => change({ [side]: without(here, gone) });
  const isEveryone = side === 'include' && draft.match === 'everyone';
  const isEmpty = here.segments.length + here.people.length + here.lists.length === 0;
  const choice = side === 'include' && <MatchChoice draft={draft} change={change} />;
  return (
    <Panel title={words[side].title} about={words[side].about} aside={choice}>
      <Stack gap="md">
        {isEveryone && <Text c="dimmed">{words.everyoneAbout}</Text>}
        {side === 'include' && draft.match === 'all' && (
          <Text size="sm" c="dimmed">
            {words.allAbout}
          </Text>
        )}
        {!isEveryone && (
          <>
            {isEmpty ? (
              <div className={classes.blank}>
                <Text fw={550}>{words[side].none}</Text>
                <Text size="sm" c="dimmed">
                  {words[side].noneAbout}
                </Text>
              </div>
            ) : (
              <Parts side={side} here={here} drop={drop} add={add} live={live} names={names} isAll={draft.match === 'all'} />
            )}
            <div className={classes.adders}>
              <AddSet side={side} here={here} names={names} onAdd={add} />
              <AddPeople side={side} onAdd={(people) => add({ people })} />
              <Button
                variant="default"
                leftSection={<UploadSign size={16} />}
                onClick={() => setUploading(true)}
                aria-label={words.uploadTo(words[side].title)}
              >
                {words.upload}
              </Button>
            </div>
          </>
        )}
      </Stack>
      {isUploading && (
        <Suspense>
          <UploadModal side={side} onClose={() => setUploading(false)} onDone={(list) => add({ lists: [list] })} />
        </Suspense>
      )}
    </Panel>
  );
}

function MatchChoice({ draft, change }: Pick<SideProps, 'draft' | 'change'>) {
  const words = audiencesTexts;
  return (
    <SegmentedControl
      size="xs"
      aria-label={words.match}
      value={draft.match}
      onChange={(match) => change({ match: match as Match })}
      data={Object.entries(words.matches).map(([value, label]) => ({ value, label }))}
    />
  );
}
