import type { newToken as english } from '../en/new-token';
import { counting } from '../counting';
import type { Translated } from '../texts';

const count = counting('de');

export const newToken: Translated<typeof english> = {
  heading: 'Neues Token',
  lede: 'Für ein Programm, das im Namen eines Benutzers handeln soll, ohne dessen Passwort.',
  owner: 'Inhaber',
  ownerHint:
    'Der Benutzer, in dessen Namen es handelt. Für ein Programm besser ein eigener Dienst als ein Mensch.',
  noSuchOwner: 'Es gibt keinen Benutzer dieses Namens.',
  forWhom: (user) => `Es wird im Namen von ${user} handeln.`,
  note: 'Wofür ist es?',
  noteHint: 'Etwa „GitHub Actions, Produktion“. Wer es eines Tages beenden muss, erkennt es daran.',
  permissions: {
    label: 'Was darf es?',
    all: 'Alles, was sein Inhaber darf, jetzt und später',
    some: 'Nur, was ich auswähle',
    nothingToChoose: 'Sie haben keine Berechtigung, die es haben könnte. Es kann nur sagen, wem es gehört.',
    hint: 'Davon darf es, was auch sein Inhaber darf. Wählen Sie nichts, so kann es nur sagen, wem es gehört.',
  },
  action: 'Token anlegen',
  sending: 'Wird angelegt …',
  created: {
    heading: 'Das Token ist angelegt',
    text: (user) => `Es handelt im Namen von ${user}.`,
    ends: (when) => `Es endet am ${when}.`,
    endless: 'Es hat kein Ende.',
  },
  end: {
    label: 'Wann endet es?',
    days: (days) => (days === 365 ? '1 Jahr' : count(days, 'Tag', 'Tage')),
    own: 'Eigenes Datum',
    ownLabel: 'Datum und Uhrzeit',
    none: 'Kein Ende',
    on: (when, distance) => `${when}, ${distance}.`,
    never: 'Es gilt, bis jemand es beendet. Wählen Sie das nur, wo niemand es erneuern kann.',
    past: 'Wählen Sie einen Zeitpunkt, der noch kommt.',
    clipped: (when) => `Der Server erlaubt kein späteres Ende als ${when}.`,
  },
  rotation: {
    heading: 'Token erneuern',
    back: 'Das Token',
    lede: 'Es bekommt ein neues Geheimnis und seine Lebensdauer von vorn. Notiz, Inhaber und Rechte bleiben.',
    label: 'Wie lange soll das alte Geheimnis noch gelten?',
    graces: {
      none: {
        label: 'Gar nicht',
        hint: 'Für ein bekannt gewordenes Geheimnis: Was es noch benutzt, hört sofort auf zu gehen.',
      },
      hour: { label: '1 Stunde', hint: 'Wenn Sie das neue Geheimnis gleich selbst einsetzen.' },
      day: { label: '1 Tag', hint: 'Wenn es erst an einige Stellen gelangen muss. Die übliche Wahl.' },
      week: {
        label: '7 Tage',
        hint: 'Wenn andere es einsetzen müssen. Die Seite des Tokens zeigt, wer es noch nicht getan hat.',
      },
    },
    until: (when) => `Das alte Geheimnis gilt bis ${when} oder bis das Token endet.`,
    atOnce: 'Das alte Geheimnis gilt sofort nicht mehr.',
    inGrace: 'Das Geheimnis vor dem jetzigen gilt noch. Erneuern Sie wieder, so gilt es sofort nicht mehr.',
    forbidden: 'Sie dürfen dieses Token sehen, aber nicht erneuern.',
    notLive: 'Dieses Token hat geendet. Es lässt sich nicht erneuern; legen Sie ein neues an.',
    action: 'Erneuern',
    sending: 'Wird erneuert …',
    done: 'Das Token hat ein neues Geheimnis',
  },
};
