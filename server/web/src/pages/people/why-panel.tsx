// A panel that tells of one of several segments or audiences why somebody is in it or not; which one is in the address.
import { Select, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import { Panel } from '../../parts/panel';
import { Trouble } from '../../parts/trouble';

interface WhyPanelProps {
  title: string;
  about: string;
  /** What is said when there is nothing to choose from. */
  none: string;
  label: string;
  /** Not known yet when undefined. */
  all: { id: number; name: string }[] | undefined;
  chosen: number | undefined;
  onChoose: (id: number) => void;
  why: { isPending: boolean; isError: boolean; error: unknown };
  /** Above the choice. */
  before?: ReactNode;
  /** What was found out. */
  children: ReactNode;
}

export function WhyPanel({ title, about, none, label, all, chosen, onChoose, why, before, children }: WhyPanelProps) {
  return (
    <Panel title={title} about={about}>
      {all?.length === 0 && <Text c="dimmed">{none}</Text>}
      {all && all.length > 0 && (
        <Stack gap="md">
          {before}
          <Select
            label={label}
            data={all.map((one) => ({ value: String(one.id), label: one.name }))}
            value={chosen === undefined ? null : String(chosen)}
            onChange={(next) => next && onChoose(Number(next))}
            allowDeselect={false}
            searchable
          />
          {why.isError && <Trouble error={why.error} />}
          {why.isPending && <Skeleton height={120} />}
          {children}
        </Stack>
      )}
    </Panel>
  );
}
