// Everything the page says, in English: one file a part of the page, put together here. Another language is another such
// file. What the server says (mistakes, warnings) comes from the server.
import { audiences } from './en/audiences';
import { builder } from './en/builder';
import { charts } from './en/charts';
import { data } from './en/data';
import { home } from './en/home';
import { people } from './en/people';
import { problem } from './en/problem';
import { segments } from './en/segments';
import { settings } from './en/settings';
import { shell } from './en/shell';
import { signIn } from './en/sign-in';

export const texts = { shell, problem, charts, home, segments, builder, audiences, people, data, settings, signIn };
