// Everything the page says, in English: one file a part of the page, put together here. Another language is another such
// file. What the server says (mistakes, warnings) comes from the server.
import { audiences } from './en/audiences';
import { builder } from './en/builder';
import { charts } from './en/charts';
import { home } from './en/home';
import { problem } from './en/problem';
import { segments } from './en/segments';
import { shell } from './en/shell';

export const texts = { shell, problem, charts, home, segments, builder, audiences };
