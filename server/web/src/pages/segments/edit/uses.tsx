// Which segments and audiences use a segment, and through which.
import { Badge, Group, List, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { usedBy } from '../../../api/segments';
import { Empty } from '../../../parts/empty';
import { TextLink } from '../../../parts/link';
import { Panel } from '../../../parts/panel';
import { Trouble } from '../../../parts/trouble';
import { builder as builderTexts } from '../../../texts/en/builder';

export function Uses({ id }: { id: number }) {
  const words = builderTexts;
  const users = useQuery({ ...usedBy(id), staleTime: 0 });
  return (
    <Panel title={words.usesTitle}>
      {users.isError && <Trouble error={users.error} />}
      {users.isPending && <Skeleton height={80} />}
      {users.data?.items.length === 0 && <Empty title={words.noUses}>{words.noUsesAbout}</Empty>}
      <List listStyleType="none" spacing="xs">
        {users.data?.items.map((user) => {
          const via = (user.via as unknown as { name: string }[]).map((one) => one.name).join(', ');
          const to = user.kind === 'segment' ? ('/app/segments/$id' as const) : ('/app/audiences/$id' as const);
          return (
            <List.Item key={`${user.kind} ${user.id}`}>
              <Group gap="xs">
                <Badge size="sm">{words.useKinds[user.kind]}</Badge>
                <TextLink c="var(--data)" to={to} params={{ id: String(user.id) }}>
                  {user.name}
                </TextLink>
                {!user.direct && (
                  <Text size="sm" c="dimmed">
                    {words.via(via)}
                  </Text>
                )}
              </Group>
            </List.Item>
          );
        })}
      </List>
    </Panel>
  );
}
