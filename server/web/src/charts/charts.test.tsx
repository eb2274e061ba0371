import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { describe, expect, it, vi } from 'vitest';

import { Bars } from './bars';
import { Histogram } from './histogram';
import { Line } from './line';
import { cutBins, linear, ticks } from './scale';
import { Slots } from './slots';
import { Sparkline } from './sparkline';
import { Upset } from './upset';
import { Waterfall, runningTotals } from './waterfall';

const show = (element: ReactElement) => render(<MantineProvider>{element}</MantineProvider>);
const cells = () => within(screen.getByRole('table')).getAllByRole('cell').map((cell) => cell.textContent);

describe('scales', () => {
  it('keep proportion', () => expect(linear([0, 10], [100, 0])(2.5)).toBe(75));
  it('put a single value in the middle', () => expect(linear([3, 3], [0, 10])(3)).toBe(5));
  it('end where nearly all values lie, when the others lie far out', () => {
    const whole = (at: number) => Math.round(at);
    expect(cutBins([0, 115_000, 4_000], 4, true, whole)).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
    expect(cutBins([0, 100, 99], 4, true, whole)).toBeNull();
    expect(cutBins([5, 5, 5], 4, true, whole)).toBeNull();
  });
  it('are marked at round values', () => expect(ticks(95, 4)).toEqual([0, 50]));
});

it('a sparkline says its ends', () => {
  show(<Sparkline label="VIP" values={[1000, 900, 1200]} />);
  expect(screen.getByRole('img')).toHaveAccessibleName('VIP: from 1,000 to 1,200');
});

it('bars are a table as well', () => {
  show(<Bars label="Missing" head={['Field', 'Missing']} bars={[{ name: 'phone', value: 3, told: '30%' }]} />);
  expect(cells()).toEqual(['phone', '30%']);
});

it('a line tells what was measured from what is forecast, and can be read as a table', async () => {
  show(
    <Line
      label="Size"
      points={[{ at: '2026-11-27T00:00:00Z', value: 5 }]}
      forecast={[{ at: '2026-11-28T00:00:00Z', value: 4 }]}
    />,
  );
  expect(cells()).toEqual(['27 Nov', '5', 'measured', '28 Nov', '4', 'forecast']);
  await userEvent.click(screen.getByRole('button', { name: 'Show as a table' }));
  expect(screen.getByRole('button', { name: 'Show as a picture' })).toHaveAttribute('aria-pressed', 'true');
});

describe('a histogram', () => {
  const bins = [
    { from: 0, to: 50, count: 5 },
    { from: 50, to: 100, count: 2 },
  ];

  it('moves its bounds by keys, and keeps them in order', () => {
    const onBounds = vi.fn();
    show(<Histogram label="Spent" bins={bins} bounds={[20, 40]} onBounds={onBounds} />);
    const low = screen.getByRole('slider', { name: 'From' });
    fireEvent.keyDown(low, { key: 'ArrowRight' });
    expect(onBounds).toHaveBeenLastCalledWith([21, 40]);
    fireEvent.keyDown(low, { key: 'Home' });
    expect(onBounds).toHaveBeenLastCalledWith([0, 40]);
    fireEvent.keyDown(low, { key: 'End' });
    expect(onBounds).toHaveBeenLastCalledWith([40, 40]);
    fireEvent.keyDown(screen.getByRole('slider', { name: 'To' }), { key: 'ArrowUp', shiftKey: true });
    expect(onBounds).toHaveBeenLastCalledWith([20, 50]);
  });

  it('moves a bound of whole values by a whole one, however short the scale', () => {
    const onBounds = vi.fn();
    show(<Histogram label="Bought" bins={[{ from: 0, to: 8, count: 5 }]} bounds={[2, 6]} unit={1} onBounds={onBounds} />);
    fireEvent.keyDown(screen.getByRole('slider', { name: 'From' }), { key: 'ArrowRight' });
    expect(onBounds).toHaveBeenLastCalledWith([3, 6]);
  });

  it('says its values in words', () => {
    show(<Histogram label="Spent" bins={bins} bounds={[20, 40]} onBounds={() => {}} told={(value) => `${value} €`} />);
    expect(screen.getByRole('slider', { name: 'To' })).toHaveAttribute('aria-valuetext', '40 €');
  });
});

describe('a waterfall', () => {
  const steps = [
    { name: 'Chosen', by: 1346 },
    { name: 'Excluded', by: -99 },
  ];
  it('adds up', () => expect(runningTotals(steps).at(-1)?.to).toBe(1247));
  it('says what is left after each step', () => {
    show(<Waterfall label="Who receives" steps={steps} total="Receive it" />);
    expect(cells()).toEqual(['Chosen', '1,346', '1,346', 'Excluded', '−99', '1,247', 'Receive it', '', '1,247']);
  });
});

it('an UpSet names combinations, the largest first, and they can be chosen', async () => {
  const onChoose = vi.fn();
  const combinations = [
    { sets: [0], count: 2 },
    { sets: [0, 1], count: 7 },
    { sets: [1], count: 0 },
  ];
  show(<Upset label="Overlap" sets={['A', 'B']} combinations={combinations} onChoose={onChoose} />);
  expect(cells()).toEqual(['A and B', '7', 'A', '2']);
  await userEvent.click(screen.getByRole('button', { name: 'A and B: 7' }));
  expect(onChoose).toHaveBeenCalledWith(combinations[1]);
});

it('slots are as wide as they can weigh, and filled by what they bring', () => {
  const { container } = show(<Slots slots={[{ key: 'a', value: 4, most: 10 }, { key: 'b', value: 0, most: 25 }]} />);
  const slots = [...(container.querySelector('[aria-hidden]')?.children ?? [])] as HTMLElement[];
  expect(slots.map((slot) => [slot.style.flexGrow, (slot.firstElementChild as HTMLElement).style.width])).toEqual([
    ['10', '40%'],
    ['25', '0%'],
  ]);
});
