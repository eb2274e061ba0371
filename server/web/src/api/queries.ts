// How answers are kept: shown at once, asked anew in the background, and given up when nobody looks any more.
import { QueryClient, keepPreviousData } from '@tanstack/react-query';

import { problemFrom } from './problem';

/** Milliseconds during which an answer is not asked for again when a page is opened. */
const FRESH_MS = 5_000;

/** Times a request is made again when the server is away or busy. */
const RETRIES = 2;

export function queries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        // What was there stays until the new is: a number never gives way to a blank.
        placeholderData: keepPreviousData,
        retry: (failures, thrown) => failures < RETRIES && problemFrom(thrown).mayPass,
      },
    },
  });
}
