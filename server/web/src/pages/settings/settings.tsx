// What is set for all: each part is a file of its own, and is offered to whoever has the right to it.
import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { type Right, may, me } from '../../api/me';
import { Page } from '../../parts/page';
import { texts } from '../../texts/en';
import { Audit } from './audit';
import { Channels } from './channels';
import { Groups } from './groups';
import { Keys } from './keys';
import { Personal } from './personal';
import { Server } from './server';
import { Suppressions } from './suppressions';
import { Tenants } from './tenants';
import { Webhooks } from './webhooks';

const route = getRouteApi('/app/settings');

const PARTS: { name: string; right: Right | undefined; part: ReactNode }[] = [
  { name: 'keys', right: 'oversee', part: <Keys /> },
  { name: 'personal', right: 'count', part: <Personal /> },
  { name: 'channels', right: 'count', part: <Channels /> },
  { name: 'suppressions', right: 'count', part: <Suppressions /> },
  { name: 'groups', right: 'count', part: <Groups /> },
  { name: 'webhooks', right: 'administer', part: <Webhooks /> },
  { name: 'audit', right: 'oversee', part: <Audit /> },
  { name: 'tenants', right: 'operate', part: <Tenants /> },
  { name: 'server', right: undefined, part: <Server /> },
];

export function Settings() {
  const words = texts.settings;
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const who = useQuery(me).data;
  const parts = PARTS.filter(({ right }) => right === undefined || may(who, right));
  const chosen = parts.find((part) => part.name === tab) ?? parts[0];
  return (
    <Page title={words.title} about={words.about}>
      <Tabs
        value={chosen?.name ?? null}
        onChange={(next) => void navigate({ search: { tab: next ?? undefined } })}
        keepMounted={false}
      >
        <Tabs.List mb="lg">
          {parts.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {words.tabs[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {parts.map(({ name, part }) => (
          <Tabs.Panel key={name} value={name}>
            {part}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
