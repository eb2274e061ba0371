// How everything looks: one quiet surface, one colour that means "act here" or "data", and figures that stand in columns.
import { Badge, Button, Card, Input, type MantineColorsTuple, Paper, Tooltip, createTheme } from '@mantine/core';

const iris: MantineColorsTuple = [
  '#f1f0fc',
  '#e0def7',
  '#c1bcee',
  '#a29be6',
  '#8a81de',
  '#7269d2',
  '#5a50c4',
  '#4b3fb5',
  '#3f359c',
  '#332b80',
];

/** Mantine's dark surfaces, in order: texts, borders, hovered, surface (6), ground (7). The same as in theme.css. */
const dark: MantineColorsTuple = [
  '#f2f1f4',
  '#c9c7cf',
  '#a5a3ad',
  '#77757f',
  '#3a3a43',
  '#2a2a31',
  '#1c1c21',
  '#141417',
  '#101013',
  '#0c0c0e',
];

export const theme = createTheme({
  primaryColor: 'iris',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  colors: { iris, dark },
  fontFamily: "'Inter', 'InterVariable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, monospace",
  fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.25' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  radius: { sm: '6px', md: '9px', lg: '14px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Badge: Badge.extend({ defaultProps: { variant: 'default', radius: 'sm', tt: 'none', fw: 500 } }),
    Button: Button.extend({ defaultProps: { fw: 550 } }),
    Card: Card.extend({ defaultProps: { withBorder: true, radius: 'lg', padding: 'lg' } }),
    // Below it, so that boxes beside each other stand in one line however long their descriptions are.
    InputWrapper: Input.Wrapper.extend({ defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } }),
    Paper: Paper.extend({ defaultProps: { radius: 'lg' } }),
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, openDelay: 250 } }),
  },
});
