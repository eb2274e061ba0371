// Receivers that are told who enters and leaves segments, and what became of the last messages to them.
import { Badge, Button, Card, Group, MultiSelect, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { deleteWebhook, makeWebhook, switchWebhook, webhooks } from '../../api/house';
import { LIVE_MS } from '../../api/live';
import { dashboard } from '../../api/overview';
import { dayAndTime } from '../../format/time';
import { ChangeDialog } from '../../parts/change-dialog';
import { Empty } from '../../parts/empty';
import { PlusSign } from '../../parts/icons';
import { failed } from '../../parts/notify';
import { Secret } from '../../parts/secret';
import { Cell, Stacked, StackedRow } from '../../parts/stacked';
import { settings as settingsTexts } from '../../texts/en/settings';
import { Section } from './section';

type Webhook = Schemas['WebhookAnswer'];

export function Webhooks() {
  const words = settingsTexts;
  const told = useQuery({ ...webhooks, refetchInterval: LIVE_MS });
  const [isMaking, setMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  return (
    <Section
      about={words.webhooksAbout}
      asked={told}
      actions={
        <Button leftSection={<PlusSign size={16} />} onClick={() => setMaking(true)}>
          {words.newWebhook}
        </Button>
      }
    >
      {told.data?.length === 0 && <Empty title={words.noWebhooks}>{words.noWebhooksAbout}</Empty>}
      {told.data?.map((webhook) => <One key={webhook.id} webhook={webhook} />)}
      {isMaking && (
        <Make
          onClose={() => setMaking(false)}
          onMade={(made) => {
            setMaking(false);
            setSecret(made.secret ?? '');
          }}
        />
      )}
      {secret !== undefined && (
        <Secret
          title={words.webhookSecretTitle}
          about={words.webhookSecretAbout}
          label={words.webhookSecret}
          secret={secret}
          onClose={() => setSecret(undefined)}
        />
      )}
    </Section>
  );
}

function One({ webhook }: { webhook: Webhook }) {
  const words = settingsTexts;
  const [isEnding, setEnding] = useState(false);
  const queries = useQueryClient();
  const turn = useMutation({
    mutationFn: (isOn: boolean) => switchWebhook(webhook.id, isOn),
    onSuccess: () => queries.invalidateQueries({ queryKey: webhooks.queryKey }),
    onError: failed,
  });
  const segments = webhook.segments as number[] | 'all';
  return (
    <Card component="section" aria-label={webhook.url}>
      <Group justify="space-between" align="flex-start" mb="md">
        <div style={{ minWidth: 0 }}>
          <Title order={2} style={{ overflowWrap: 'anywhere' }}>
            {webhook.url}
          </Title>
          <Group gap={8} mt={4}>
            <Text size="sm" c="dimmed">
              {segments === 'all' ? words.allSegments : words.segmentsOf(segments.length)}
            </Text>
            {!webhook.enabled && <Badge>{words.off(webhook.disabled_because ?? '')}</Badge>}
          </Group>
        </div>
        <Group gap="sm">
          <Switch
            aria-label={words.webhookOf(webhook.url)}
            checked={webhook.enabled}
            disabled={turn.isPending}
            onChange={(event) => turn.mutate(event.currentTarget.checked)}
          />
          <Button size="compact-sm" variant="default" c="var(--bad)" aria-label={words.deleteOf(webhook.url)} onClick={() => setEnding(true)}>
            {words.delete}
          </Button>
        </Group>
      </Group>
      <Title order={3} mb={6}>
        {words.deliveries}
      </Title>
      {webhook.attempts.length === 0 ? (
        <Text size="sm" c="dimmed">
          {words.noDeliveries}
        </Text>
      ) : (
        <Stacked label={words.deliveries} below="narrow" verticalSpacing={4} horizontalSpacing={0} head={Object.values(words.deliveryHead)}>
            {[...webhook.attempts].reverse().map((attempt) => (
              <StackedRow key={`${attempt.at} ${attempt.message}`}>
                <Cell pr="lg" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
                  {dayAndTime(attempt.at)}
                </Cell>
                <Cell>{attempt.error ? words.notDelivered(attempt.error) : words.delivered(attempt.status ?? 0)}</Cell>
              </StackedRow>
            ))}
        </Stacked>
      )}
      {isEnding && (
        <ChangeDialog
          title={words.deleteOf(webhook.url)}
          submit={words.delete}
          ask={() => deleteWebhook(webhook.id)}
          onClose={() => setEnding(false)}
          isGrave
        >
          <Text size="sm">{words.webhookDeleteAbout}</Text>
        </ChangeDialog>
      )}
    </Card>
  );
}

function Make({ onClose, onMade }: { onClose: () => void; onMade: (made: Webhook) => void }) {
  const words = settingsTexts;
  const [url, setUrl] = useState('');
  const [segments, setSegments] = useState<string[]>([]);
  const all = useQuery(dashboard).data?.segments ?? [];
  const make = () => makeWebhook({ url: url.trim(), segments: (segments.length === 0 ? 'all' : segments.map(Number)) as never });
  return (
    <ChangeDialog title={words.newWebhook} submit={words.make} ask={make} onMade={onMade} onClose={onClose}>
      <Stack>
        <TextInput type="url" label={words.url} placeholder={words.urlHint} value={url} onChange={(event) => setUrl(event.currentTarget.value)} data-autofocus />
        <MultiSelect
          label={words.webhookSegments}
          placeholder={segments.length === 0 ? words.allSegments : undefined}
          data={all.map((one) => ({ value: String(one.id), label: one.name }))}
          value={segments}
          onChange={setSegments}
          searchable
        />
      </Stack>
    </ChangeDialog>
  );
}
