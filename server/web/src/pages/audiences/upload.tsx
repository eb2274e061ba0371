// A CSV becomes a list: chosen or dropped, its columns looked at here, sent, and then accounted for row by row.
import { Button, Group, Progress, Select, Stack, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useEffect, useRef, useState } from 'react';

import { type List, uploadList } from '../../api/lists';
import { share } from '../../format/number';
import { Dialog } from '../../parts/dialog';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import { upload as uploadTexts } from '../../texts/en/upload';
import classes from './audiences.module.css';
import { type Columns, HEAD_CHARS, columnsOf } from './csv';
import type { SideName } from './draft';
import { UploadReport } from './upload-report';
import { UploadSign } from './signs';

interface UploadProps {
  side: SideName;
  onClose: () => void;
  /** A list was made. */
  onDone: (list: number) => void;
}

interface Chosen {
  file: File;
  columns: Columns;
  column: number | null;
  name: string;
}

export function UploadModal({ side, onClose, onDone }: UploadProps) {
  const words = uploadTexts;
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [made, setMade] = useState<List | null>(null);
  const [sent, setSent] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const sending = useRef<AbortController | null>(null);
  const queries = useQueryClient();

  const reset = () => {
    sending.current?.abort();
    setChosen(null);
    setMade(null);
    setSent(null);
    setError(null);
  };
  useEffect(() => () => sending.current?.abort(), []);

  const choose = async (file: File | null | undefined) => {
    if (!file) return;
    const columns = columnsOf(await file.slice(0, HEAD_CHARS).text());
    setError(null);
    setChosen({ file, columns, column: columns.idColumn, name: file.name.replace(/\.[^.]+$/, '') });
  };
  const send = async () => {
    if (!chosen || chosen.column === null) return;
    const { file, name, columns, column } = chosen;
    const abort = (sending.current = new AbortController());
    setError(null);
    setSent(0);
    try {
      const list = await uploadList({
        file,
        name: name.trim(),
        column: columns.names[column] ?? '',
        onProgress: setSent,
        signal: abort.signal,
      });
      await queries.invalidateQueries({ queryKey: ['lists'] });
      setMade(list);
      onDone(list.id);
    } catch (thrown) {
      if (!abort.signal.aborted) setError(thrown);
    } finally {
      setSent(null);
    }
  };
  return (
    <Dialog
      onClose={onClose}
      title={words.title(audiencesTexts[side].title)}
      closeButtonProps={{ 'aria-label': audiencesTexts.close }}
      size="lg"
    >
      <Stack>
        {!chosen && <DropPlace onFile={choose} />}
        {chosen && !made && (
          <Mapping chosen={chosen} change={(changed) => setChosen({ ...chosen, ...changed })} isLocked={sent !== null} />
        )}
        {error !== null && <Trouble error={error} />}
        {sent !== null && (
          <div role="status">
            <Progress value={sent * 100} aria-label={words.sending(share(sent))} mb={6} />
            <Text size="sm" c="dimmed">
              {sent < 1 ? words.sending(share(sent)) : words.matching}
            </Text>
          </div>
        )}
        {made && chosen && <UploadReport list={made} file={chosen.file} column={chosen.column ?? 0} onChanged={setMade} />}
        <Group justify="flex-end">
          {chosen && !made && sent === null && (
            <Button variant="default" onClick={reset}>
              {words.otherFile}
            </Button>
          )}
          {sent !== null && (
            <Button variant="default" onClick={() => sending.current?.abort()}>
              {words.stop}
            </Button>
          )}
          {chosen && !made && (
            <Button onClick={() => void send()} loading={sent !== null} disabled={chosen.column === null || !chosen.name.trim()}>
              {words.start}
            </Button>
          )}
          {made && <Button onClick={onClose}>{words.done}</Button>}
        </Group>
      </Stack>
    </Dialog>
  );
}

function DropPlace({ onFile }: { onFile: (file: File | null | undefined) => void }) {
  const words = uploadTexts;
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0]);
  };
  return (
    <>
      <label
        className={classes.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => (event.preventDefault(), setOver(true))}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <UploadSign size={24} />
        <Text fw={550}>{words.drop}</Text>
        <VisuallyHidden>
          <input
            type="file"
            accept=".csv,.tsv,.txt,text/csv"
            aria-label={words.chooseFile}
            onChange={(event) => onFile(event.currentTarget.files?.[0])}
          />
        </VisuallyHidden>
      </label>
      <Text size="sm" c="dimmed">
        {words.about}
      </Text>
    </>
  );
}

interface MappingProps {
  chosen: Chosen;
  change: (changed: Partial<Chosen>) => void;
  isLocked: boolean;
}

function Mapping({ chosen, change, isLocked }: MappingProps) {
  const words = uploadTexts;
  const { columns, column } = chosen;
  if (columns.names.length === 0) return <Text>{words.noColumns}</Text>;
  return (
    <>
      <TextInput
        label={words.listName}
        value={chosen.name}
        disabled={isLocked}
        onChange={(event) => change({ name: event.currentTarget.value })}
        data-autofocus
      />
      <Select
        label={words.idColumn}
        description={column === null ? undefined : words.columnHint(columns.examples[column] ?? [])}
        data={columns.names.map((name, i) => ({ value: String(i), label: name || `#${i + 1}` }))}
        value={column === null ? null : String(column)}
        onChange={(value) => change({ column: value === null ? null : Number(value) })}
        allowDeselect={false}
        disabled={isLocked}
      />
    </>
  );
}
