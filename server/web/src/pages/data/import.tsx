// Bringing a file in: it is dropped or chosen, its columns are given fields, what would change is shown, and in the end every row
// is accounted for.
import { Button, Card, Group, Progress, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useRef, useState } from 'react';

import type { Schemas } from '../../api/client';
import { type Progress as Sent, importEvents, importPeople } from '../../api/import';
import { schema } from '../../api/overview';
import { Stopped } from '../../api/transfer';
import { readable } from '../../format/field';
import { size } from '../../format/size';
import { Arrived } from '../../parts/arrived';
import { FileSign } from '../../parts/icons';
import { Trouble } from '../../parts/trouble';
import { data as dataTexts } from '../../texts/en/data';
import { Changes } from './changes';
import { Columns } from './columns';
import { rewritten } from './csv';
import classes from './data.module.css';
import { type Look, MEDIA_TYPES, formatOf, idColumnOf, look, personColumnOf } from './look';
import { type Mapping, doubled, isAsItIs, namesOf, usualMapping } from './mapping';
import { Report, type Told } from './report';

export type What = 'people' | 'events';

export interface Chosen {
  file: File;
  look: Look;
  idColumn: string | undefined;
  mapping: Mapping;
}

export function Import() {
  const words = dataTexts;
  const [what, setWhat] = useState<What>('people');
  const [chosen, setChosen] = useState<Chosen>();
  const [mode, setMode] = useState<'merge' | 'replace'>('merge');
  const [sent, setSent] = useState<Sent>();
  const [isAnother, setAnother] = useState(false);
  const stop = useRef(new AbortController());
  const queries = useQueryClient();
  const known = useQuery(schema).data;
  const { name: idName = 'id' } = (known?.id_field ?? {}) as { name?: string };

  const choose = useMutation({
    mutationFn: async (file: File): Promise<Chosen> => {
      const format = formatOf(file.name);
      if (!format) throw new Error(words.unknownFormat(file.name));
      if (file.size === 0) throw new Error(words.emptyFile);
      const seen = await look(file, format);
      const fields = known?.fields.map((field) => field.name) ?? [];
      const idColumn = what === 'events' ? personColumnOf(seen.columns) : idColumnOf(seen.columns, idName);
      return { file, look: seen, idColumn, mapping: usualMapping(seen.columns, fields) };
    },
    onSuccess: setChosen,
  });
  const bring = async ({ file, look: seen, idColumn, mapping }: Chosen, isDry: boolean): Promise<Told> => {
    stop.current = new AbortController();
    const wish = { type: MEDIA_TYPES[seen.format], idField: idColumn, isDry, signal: stop.current.signal, onProgress: setSent };
    if (what === 'events') return { what, report: await importEvents({ ...wish, body: file }) };
    const names = namesOf(seen.columns, mapping, idColumn);
    const isChanged = seen.format === 'csv' && !isAsItIs(seen.columns, names);
    const body = isChanged ? await rewritten(file, seen.delimiter, names) : file;
    return { what, report: await importPeople({ ...wish, body, mode }) };
  };
  const onSettled = () => setSent(undefined);
  const send = useMutation({
    mutationFn: (one: Chosen) => bring(one, false),
    onSettled: () => {
      onSettled();
      void queries.invalidateQueries();
    },
  });
  // What was tried with other columns or another mode says nothing any more.
  const tried = useMutation({ mutationFn: (one: Chosen) => bring(one, true), onSettled });
  const change = (next: Chosen) => {
    tried.reset();
    setChosen(next);
  };
  const anew = () => {
    setAnother(true);
    setChosen(undefined);
    choose.reset();
    tried.reset();
    send.reset();
  };

  if (send.data) {
    return (
      <Arrived>
        <Report told={send.data} onAnother={anew} />
      </Arrived>
    );
  }
  if (!chosen) {
    const drop = <Drop about={words.dropAbout[what]} onFile={choose.mutate} isLoading={choose.isPending} />;
    return (
      <Stack gap="md">
        <SegmentedControl
          aria-label={words.what}
          data={Object.entries(words.whats).map(([value, label]) => ({ value, label }))}
          value={what}
          onChange={(next) => setWhat(next as What)}
          style={{ alignSelf: 'flex-start' }}
        />
        {isAnother ? <Arrived>{drop}</Arrived> : drop}
        {choose.isError && <Trouble error={choose.error} />}
      </Stack>
    );
  }
  const twice = doubled(chosen.mapping, chosen.idColumn);
  const busy = send.isPending || tried.isPending;
  const failure = send.error ?? tried.error;
  const isStopped = failure instanceof Stopped;
  return (
    <Stack gap="md">
      <Arrived>
        <FileLine file={chosen.file} onAnother={anew} isBusy={busy} />
      </Arrived>
      {what === 'people' && (
        <>
          <Columns chosen={chosen} known={known} onChange={change} />
          {twice !== undefined && <Trouble error={new Error(words.twice(readable(twice)))} />}
          {(known?.population ?? 0) > 0 && <Changes chosen={chosen} idName={idName} />}
          {(known?.population ?? 0) > 0 && (
            <Card>
              <Text size="sm" fw={550} mb={8} id="import-mode">
                {words.mode}
              </Text>
              <SegmentedControl
                aria-labelledby="import-mode"
                data={Object.entries(words.modes).map(([value, label]) => ({ value, label }))}
                value={mode}
                onChange={(next) => {
                  tried.reset();
                  setMode(next as 'merge' | 'replace');
                }}
              />
            </Card>
          )}
        </>
      )}
      {tried.data && !busy && (
        <Arrived>
          <Report told={tried.data} />
        </Arrived>
      )}
      {failure && (
        <Arrived>{isStopped ? <Text role="status">{words.stopped}</Text> : <Trouble error={failure} />}</Arrived>
      )}
      {busy ? (
        <Arrived>
          <Sending sent={sent} onStop={() => stop.current.abort()} />
        </Arrived>
      ) : (
        <Group>
          <Button variant="default" onClick={() => {
              send.reset();
              tried.mutate(chosen);
            }} disabled={twice !== undefined}>
            {words.tryOut}
          </Button>
          <Button onClick={() => send.mutate(chosen)} disabled={twice !== undefined}>
            {words.start}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface DropProps {
  about: string;
  onFile: (file: File) => void;
  isLoading: boolean;
}

function Drop({ about, onFile, isLoading }: DropProps) {
  const words = dataTexts;
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) onFile(file);
  };
  return (
    <div className={classes.drop} data-over={isOver || undefined} onDragOver={over} onDragLeave={() => setOver(false)} onDrop={drop}>
      <span className={classes.sign}>
        <FileSign size={34} />
      </span>
      <Title order={2}>{words.drop}</Title>
      <Text c="dimmed">{about}</Text>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={words.choose}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onFile(file);
          event.currentTarget.value = '';
        }}
      />
      <Button mt="xs" onClick={() => input.current?.click()} loading={isLoading}>
        {words.choose}
      </Button>
    </div>
  );
}

function FileLine({ file, onAnother, isBusy }: { file: File; onAnother: () => void; isBusy: boolean }) {
  const words = dataTexts;
  return (
    <Card>
      <Group justify="space-between">
        <Group gap="sm" wrap="nowrap" miw={0}>
          <FileSign size={22} />
          <div style={{ minWidth: 0 }}>
            <Text fw={550} truncate>
              {file.name}
            </Text>
            <Text size="sm" c="dimmed">
              {size(file.size)}
            </Text>
          </div>
        </Group>
        <Button variant="default" onClick={onAnother} disabled={isBusy}>
          {words.another}
        </Button>
      </Group>
    </Card>
  );
}

function Sending({ sent, onStop }: { sent: Sent | undefined; onStop: () => void }) {
  const words = dataTexts;
  const share = sent ? sent.sent / Math.max(1, sent.total) : 0;
  const isAllSent = share >= 1;
  return (
    <Card>
      <Stack gap="sm">
        <Text size="sm" role="status">
          {sent && !isAllSent ? words.sending(size(sent.sent), size(sent.total)) : words.working}
        </Text>
        <Progress value={100 * share} animated={isAllSent} aria-label={words.progress} />
        <Group>
          <Button variant="default" size="xs" onClick={onStop}>
            {words.stop}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

export type Known = Schemas['SchemaAnswer'] | undefined;
