import type { tokenPage as english } from '../en/token-page';
import { counting } from '../counting';
import type { Translated } from '../texts';

const count = counting('de');
const times = (uses: number) => `${uses.toLocaleString('de')}-mal`;

export const tokenPage: Translated<typeof english> = {
  back: 'Alle Token',
  edit: 'Bearbeiten',
  extend: 'Verlängern',
  extendBy: (days) => (days === 365 ? '1 Jahr ab jetzt' : `${count(days, 'Tag', 'Tage')} ab jetzt`),
  raw: 'Rohes JSON',
  facts: {
    heading: 'Angaben',
    owner: 'Inhaber',
    ends: 'Endet',
    created: 'Angelegt',
    madeWith: 'Angelegt mit',
    madeByHand: 'Name und Passwort oder einer Sitzung, die es nicht mehr gibt',
    lastUse: 'Zuletzt benutzt',
    agent: 'Zuletzt benutzt mit',
    id: 'Kennung',
  },
  permissions: {
    heading: 'Was es darf',
    all: 'Alles, was sein Inhaber darf, jetzt und später.',
    none: 'Nichts als sagen, wem es gehört: Es hat kein Recht.',
    some: 'Nur dies, und nur solange sein Inhaber es darf:',
  },
  use: {
    heading: 'Benutzung in den letzten 90 Tagen',
    chart: 'Diagramm',
    table: 'Tabelle',
    view: 'Wie die Benutzung gezeigt wird',
    none: 'Es wurde in den letzten 90 Tagen nicht benutzt.',
    summary: (uses, days, most, day) =>
      `In den letzten 90 Tagen an ${count(days, 'Tag', 'Tagen')} ${times(uses)} benutzt; am häufigsten am ${day}, ${times(most)}.`,
    bar: (day, uses, superseded) =>
      superseded === 0
        ? `${day}: ${times(uses)}`
        : `${day}: ${times(uses)}, dazu ${times(superseded)} mit dem alten Geheimnis`,
    today: 'heute',
    current: 'Geheimnis',
    superseded: 'Altes Geheimnis',
    columns: {
      day: 'Tag (UTC)',
      uses: 'Benutzt',
      superseded: 'Mit dem alten Geheimnis',
      address: 'Letzte Adresse',
      agent: 'Letztes Programm',
    },
    places: 'Von wo es benutzt wurde',
    place: { address: 'Adresse', agent: 'Programm', last: 'Letzter Tag' },
    unknown: 'unbekannt',
  },
  rotation: {
    heading: 'Erneuerung',
    unused: 'Seit der Erneuerung hat bisher niemand das alte Geheimnis benutzt.',
    rarely: 'Was selten läuft, braucht es vielleicht noch.',
    quiet: (when) => `Niemand benutzt das alte Geheimnis mehr. Zuletzt geschah es ${when}.`,
    used: (when, address) => `Das alte Geheimnis wird noch benutzt: ${when} von ${address}.`,
    over: 'Das alte Geheimnis gilt nicht mehr.',
    lateUse: (when, address) => `Es wurde zuletzt ${when} von ${address} benutzt.`,
    until: (until, distance) => `Es gilt bis ${until}, ${distance}.`,
    ended: (until) => `Es galt bis ${until}.`,
    uses: 'Seit der Erneuerung benutzt',
    lastUse: 'Zuletzt',
    address: 'Von',
    agent: 'Mit',
    somewhere: 'einer unbekannten Adresse',
  },
  editing: {
    heading: 'Token bearbeiten',
    note: 'Notiz',
    end: 'Ende',
    change: 'Ende ändern',
    saved: 'Das Token ist gespeichert.',
  },
};
