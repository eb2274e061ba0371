export const charts = {
  asTable: 'Show as a table',
  asPicture: 'Show as a picture',
  fromTo: (label: string, first: string, last: string) => `${label}: from ${first} to ${last}`,
  lineHead: ['Day', 'People', 'Kind'],
  measured: 'measured',
  forecast: 'forecast',
  histogramHead: ['From', 'To', 'People'],
  lowerBound: 'From',
  upperBound: 'To',
  waterfallHead: ['Step', 'Change', 'Left'],
  upsetHead: ['In exactly', 'People'],
  and: ' and ',
};
