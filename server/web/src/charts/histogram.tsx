// How the values of a field are spread, with two bounds that are dragged or moved by keys.
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';

import { count } from '../format/number';
import { charts as chartsTexts } from '../texts/en/charts';
import classes from './charts.module.css';
import { Figure } from './figure';
import { linear } from './scale';

export interface Bin {
  from: number;
  to: number;
  /** Everybody. */
  count: number;
  /** Those within the rest of the segment, where that is known. */
  within?: number;
}

export type Bounds = [number, number];

interface HistogramProps {
  label: string;
  bins: Bin[];
  bounds: Bounds;
  /** Told while dragging; both bounds stay within the bins, and in order. */
  onBounds: (bounds: Bounds) => void;
  /** What values are whole multiples of, 1 for counts; a key moves a bound by as much at least. */
  unit?: number;
  /** A value in words: an amount, a day. */
  told?: (value: number) => string;
  width?: number;
  height?: number;
}

/** Parts of the whole span that an arrow key moves a bound by. */
const STEPS = 100;
const MARGIN = 10;

export function Histogram({ label, bins, bounds, onBounds, unit = 0, told = count, width = 360, height = 96 }: HistogramProps) {
  const drawing = useRef<SVGSVGElement>(null);
  const least = bins[0]?.from ?? 0;
  const most = bins.at(-1)?.to ?? 1;
  const top = Math.max(1, ...bins.map((bin) => bin.count));
  const x = linear([least, most], [MARGIN, width - MARGIN]);
  const y = linear([0, top], [height - 16, 4]);

  const move = (which: 0 | 1, value: number) => {
    const [low, high] = bounds;
    const inside = Math.min(Math.max(value, which === 0 ? least : low), which === 0 ? high : most);
    onBounds(which === 0 ? [inside, high] : [low, inside]);
  };
  const drag = (which: 0 | 1) => (event: PointerEvent<SVGGElement>) => {
    const box = drawing.current?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const place = ((event.clientX - box.left) / box.width) * width;
    move(which, linear([MARGIN, width - MARGIN], [least, most])(place));
  };
  const press = (which: 0 | 1) => (event: KeyboardEvent) => {
    const step = Math.max(unit, ((most - least) / STEPS) * (event.shiftKey ? 10 : 1));
    const target = {
      ArrowLeft: bounds[which] - step,
      ArrowDown: bounds[which] - step,
      ArrowRight: bounds[which] + step,
      ArrowUp: bounds[which] + step,
      Home: least,
      End: most,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    move(which, target);
  };

  const isChosen = (bin: Bin) => bin.to > bounds[0] && bin.from < bounds[1];
  const rows = bins.map((bin) => [told(bin.from), told(bin.to), count(bin.count)]);
  return (
    <Figure label={label} table={{ head: chartsTexts.histogramHead, rows }}>
      <svg ref={drawing} className={classes.wide} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={label}>
        {bins.map((bin) => {
          const place = { x: x(bin.from) + 0.5, width: Math.max(1, x(bin.to) - x(bin.from) - 1) };
          return (
            <g key={bin.from}>
              <rect className={isChosen(bin) ? classes.chosen : classes.other} {...place} y={y(bin.count)} height={height - 16 - y(bin.count)} />
              {bin.within !== undefined && (
                <rect className={classes.bar} {...place} y={y(bin.within)} height={height - 16 - y(bin.within)} />
              )}
            </g>
          );
        })}
        {([0, 1] as const).map((which) => (
          <g
            key={which}
            className={classes.handle}
            role="slider"
            tabIndex={0}
            aria-label={which === 0 ? chartsTexts.lowerBound : chartsTexts.upperBound}
            aria-valuemin={least}
            aria-valuemax={most}
            aria-valuenow={bounds[which]}
            aria-valuetext={told(bounds[which])}
            onKeyDown={press(which)}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={drag(which)}
          >
            <rect className={classes.grip} x={x(bounds[which]) - 12} y={0} width={24} height={height} />
            <line x1={x(bounds[which])} x2={x(bounds[which])} y1={2} y2={height - 8} />
            <circle cx={x(bounds[which])} cy={height - 8} r={6} />
          </g>
        ))}
      </svg>
    </Figure>
  );
}
