// One audience of the list.
import { Badge, Button, Group, Table, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';

import { type Audience, setAudienceStatus } from '../../api/audiences';
import type { ExclusionGroup } from '../../api/gates';
import type { Snapshot } from '../../api/snapshots';
import { Sparkline } from '../../charts/sparkline';
import { count } from '../../format/number';
import { ago } from '../../format/time';
import { TextLink } from '../../parts/link';
import { done, failed } from '../../parts/notify';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import { useMoved } from './moved';

interface AudienceRowProps {
  audience: Audience;
  /** The newest first. */
  snapshots: Snapshot[] | undefined;
  groups: ExclusionGroup[];
}

export function AudienceRow({ audience, snapshots = [], groups }: AudienceRowProps) {
  const words = audiencesTexts;
  const sizes = [...snapshots].reverse().map((one) => one.count);
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={8}>
          <TextLink to="/app/audiences/$id" params={{ id: String(audience.id) }} fw={550} c="var(--text-strong)">
            {audience.name}
          </TextLink>
          {audience.status === 'draft' && <Badge size="sm">{words.draft}</Badge>}
          {audience.status === 'archived' && <Badge size="sm">{words.archived}</Badge>}
          {audience.tags.map((tag) => (
            <Badge key={tag} size="sm">
              {tag}
            </Badge>
          ))}
        </Group>
        {audience.description && (
          <Text size="sm" c="dimmed" lineClamp={1} maw="30rem" mt={2}>
            {audience.description}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right" fw={550}>
        {typeof audience.count === 'number' && count(audience.count)}
      </Table.Td>
      <Table.Td visibleFrom="md">
        {sizes.length > 1 && <Sparkline label={audience.name} values={sizes} width={88} height={26} />}
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {words.snapshotCount(sizes.length)}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm" c="dimmed">
          {words.usedBy(audience.campaign_id ?? null, groups.map((group) => group.name))}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {ago(audience.updated_at, new Date(audience.now))}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Archive audience={audience} />
      </Table.Td>
    </Table.Tr>
  );
}

function Archive({ audience }: { audience: Audience }) {
  const words = audiencesTexts;
  const moved = useMoved();
  const isArchived = audience.status === 'archived';
  const archive = useMutation({
    mutationFn: () => setAudienceStatus(audience.id, audience.version, isArchived ? 'active' : 'archived'),
    onSuccess: () => {
      moved();
      done(isArchived ? words.backNow(audience.name) : words.archivedNow(audience.name));
    },
    onError: failed,
  });
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      ml={-8}
      loading={archive.isPending}
      aria-label={(isArchived ? words.unarchiveOf : words.archiveOf)(audience.name)}
      onClick={() => archive.mutate()}
    >
      {isArchived ? words.unarchive : words.archive}
    </Button>
  );
}
