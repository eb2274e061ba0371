import { afterEach, describe, expect, it, vi } from 'vitest';

import { key, keep, refuse, whenRefused } from './key';

afterEach(() => keep(null));

describe('a key', () => {
  it('is kept for as long as the tab is open', () => {
    keep('mk_a');
    expect([key(), localStorage.length, sessionStorage.length]).toEqual(['mk_a', 0, 1]);
  });
  it('is kept on this computer for whoever wishes that', () => {
    keep('mk_a');
    keep('mk_b', true);
    expect([key(), localStorage.length, sessionStorage.length]).toEqual(['mk_b', 1, 0]);
  });
  it('is forgotten wherever it was', () => {
    keep('mk_a', true);
    keep(null);
    expect([key(), localStorage.length, sessionStorage.length]).toEqual([null, 0, 0]);
  });
  it('that is refused is told to whoever wants to know, until they do not', () => {
    const told = vi.fn();
    const end = whenRefused(told);
    refuse();
    end();
    refuse();
    expect(told).toHaveBeenCalledTimes(1);
  });
});
