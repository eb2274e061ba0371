// Two people changed the same segment: both sides by side, and a choice. Nothing is lost either way, as versions are kept.
import { Alert, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { preview } from '../../../api/rule';
import type { Segment } from '../../../api/segment';
import { count } from '../../../format/number';
import { builder as builderTexts } from '../../../texts/en/builder';
import type { Draft } from './draft';
import { savedOf } from './draft';
import classes from './edit.module.css';

interface ConflictProps {
  theirs: Segment;
  mine: Draft;
  onTheirs: () => void;
  onMine: () => void;
}

export function Conflict({ theirs, mine, onTheirs, onMine }: ConflictProps) {
  const words = builderTexts;
  const counted = useQuery(preview(savedOf(mine).criteria ?? null)).data;
  const sides = [
    { title: words.theirs, name: theirs.name, text: theirs.text ?? '', size: theirs.count },
    { title: words.mine, name: mine.name, text: counted?.text ?? '', size: counted?.count },
  ];
  return (
    <Alert variant="default" role="alert" title={words.conflictTitle}>
      <Text size="sm">{words.conflictAbout(theirs.version, theirs.changed_by)}</Text>
      <div className={classes.sides} style={{ marginTop: 12 }}>
        {sides.map(({ title, name, text, size }) => (
          <section key={title} aria-label={title}>
            <Text size="sm" fw={550}>
              {title}: {name}
            </Text>
            {size != null && (
              <Text size="sm" c="dimmed">
                {words.segmentSize(count(size))}
              </Text>
            )}
            {text && <p className={classes.quote}>{text}</p>}
          </section>
        ))}
      </div>
      <Group gap="xs" mt="sm">
        <Button size="xs" variant="default" onClick={onTheirs}>
          {words.takeTheirs}
        </Button>
        <Button size="xs" onClick={onMine}>
          {words.keepMine}
        </Button>
      </Group>
    </Alert>
  );
}
