// The members of a snapshot as a file.
import { Button, Group, MultiSelect, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { download } from '../../api/download';
import { schema } from '../../api/overview';
import { type ExportFormat, type Snapshot, exportAddress } from '../../api/snapshots';
import { count } from '../../format/number';
import { Dialog } from '../../parts/dialog';
import { fieldChoices, fieldSelect } from '../../parts/field-choice';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import { DownloadSign } from './signs';

export function ExportModal({ snapshot, onClose }: { snapshot: Snapshot; onClose: () => void }) {
  const words = audiencesTexts;
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [fields, setFields] = useState<string[]>([]);
  const [isHarmless, setHarmless] = useState(true);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const all = useQuery(schema).data?.fields ?? [];
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const address = exportAddress(snapshot.id, format, fields.length > 0 ? fields : null, !isHarmless);
      await download(address, words.exportFile(snapshot.id, format));
      onClose();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog onClose={onClose} title={words.exportTitle(snapshot.id)} closeButtonProps={{ 'aria-label': words.close }}>
      <Stack>
        <Text size="sm" c="dimmed">
          {words.exportAbout(count(snapshot.count - snapshot.erased))}
        </Text>
        <SegmentedControl
          aria-label={words.exportFormat}
          value={format}
          onChange={(value) => setFormat(value as ExportFormat)}
          data={Object.entries(words.exportFormats).map(([value, label]) => ({ value, label }))}
        />
        <MultiSelect
          label={words.exportFields}
          description={words.exportFieldsHint}
          data={fieldChoices(all.map((field) => field.name))}
          {...fieldSelect}
          value={fields}
          onChange={setFields}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': words.clear }}
          hidePickedOptions
        />
        {format === 'csv' && (
          <Switch
            label={words.exportFormulas}
            description={words.exportFormulasAbout}
            checked={isHarmless}
            onChange={(event) => setHarmless(event.currentTarget.checked)}
          />
        )}
        {error !== null && <Trouble error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button leftSection={<DownloadSign size={16} />} loading={isBusy} onClick={() => void save()}>
            {words.download}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
