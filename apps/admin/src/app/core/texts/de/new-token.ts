import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const newToken: Texts['newToken'] = {
  ownerHint:
    'Das Token handelt im Namen dieses Benutzers. Wählen Sie für ein Programm besser einen Dienst als eine Person.',
  noSuchOwner: 'Es gibt keinen Benutzer mit diesem Namen.',
  forWhom: (user) => `Das Token handelt im Namen von ${user}.`,
  note: 'Wofür ist es?',
  noteHint: 'Zum Beispiel „GitHub Actions, Produktion“. Daran erkennen Sie das Token später wieder.',
  startFrom: 'Mit einer Vorlage beginnen (optional)',
  canary: {
    lead: 'Ein Token, das nirgends funktioniert und Alarm auslöst, wenn es jemand verwendet.',
    ownerHint: 'Der Alarm erscheint auf der Startseite dieses Benutzers und der Administratoren.',
    note: 'Wo legen Sie den Köder ab?',
    noteHint: 'Zum Beispiel „Wiki, Seite Deployment“. Der Alarm nennt diesen Ort.',
    action: 'Köder erstellen',
    created: 'Köder erstellt',
    place:
      'Legen Sie ihn dort ab, wo ihn kein Client verwenden sollte, etwa in einem Wiki, einer alten Sicherung oder den Einstellungen eines stillgelegten Programms. Wenn ihn jemand verwendet, erscheint ein Alarm auf der Startseite und im Audit-Protokoll.',
  },
  scope: {
    theOwner: 'der Inhaber',
    everything: (owner) => `Alle Rollen und Berechtigungen, die ${owner} hat, jetzt und künftig`,
    some: 'Nur ausgewählte Rollen und Berechtigungen',
    ownerHasNone: (owner) => `${owner} hat keine Berechtigungen, die Sie auswählen können.`,
    changeRoles: 'Rollen ändern',
    rolesUnseen: 'Sie können die Rollen des Inhabers nicht sehen.',
    permissionsOfRoles: 'Mit allen Berechtigungen der ausgewählten Rollen',
    permissionsSome: 'Nur mit ausgewählten Berechtigungen',
    missing: (names) => `Sie haben ${names} nicht.`,
    sentences: {
      everything: (owner) =>
        `Das Token hat alle Rollen und Berechtigungen, die ${owner} hat oder später erhält.`,
      nothing: (owner) => `Das Token weist nur ${owner} aus. Es hat weder Rollen noch Berechtigungen.`,
      permissions: (owner) =>
        `Das Token hat nur diese Berechtigungen und keine Rollen, solange ${owner} sie hat.`,
      roles: (owner) => `Das Token hat nur diese Rollen mit ihren Berechtigungen, solange ${owner} sie hat.`,
      labels: (owner) => `Das Token hat nur diese Rollen ohne ihre Berechtigungen, solange ${owner} sie hat.`,
      both: (owner) => `Das Token hat nur diese Rollen und Berechtigungen, solange ${owner} sie hat.`,
    },
  },
  action: 'Token erstellen',
  created: {
    heading: 'Token erstellt',
    text: (user) => `Es handelt im Namen von ${user}.`,
    expires: (when) => `Es läuft am ${when} ab.`,
    neverExpires: 'Es läuft nicht ab.',
  },
  expiry: {
    label: 'Ablaufdatum',
    days: (days) => (days === 365 ? '1 Jahr' : count(days, 'Tag', 'Tage')),
    custom: 'Eigenes Datum',
    customLabel: 'Datum und Uhrzeit',
    none: 'Kein Ablaufdatum',
    on: (when, distance) => `${when}, ${distance}.`,
    never:
      'Das Token ist gültig, bis jemand es widerruft. Wählen Sie das nur, wenn es sich nicht erneuern lässt.',
    past: 'Wählen Sie einen Zeitpunkt in der Zukunft.',
    clipped: (when) => `Der Server begrenzt das Ablaufdatum auf ${when}.`,
  },
  rotation: {
    heading: 'Token erneuern',
    lead: 'Das Token erhält ein neues Geheimnis und ein neues Ablaufdatum. Notiz, Inhaber und Berechtigungen bleiben gleich.',
    label: 'Wie lange soll das alte Geheimnis gültig bleiben?',
    graces: {
      none: {
        label: 'Gar nicht',
        hint: 'Wenn das Geheimnis in fremde Hände geraten ist. Clients, die es verwenden, funktionieren sofort nicht mehr.',
      },
      hour: { label: '1 Stunde', hint: 'Wenn Sie das Geheimnis gleich selbst ersetzen.' },
      day: {
        label: '1 Tag',
        hint: 'Wenn das Geheimnis an mehreren Stellen ersetzt werden muss. Die übliche Wahl.',
      },
      week: {
        label: '7 Tage',
        hint: 'Wenn andere es ersetzen müssen. Die Seite des Tokens zeigt Clients, die noch das alte verwenden.',
      },
    },
    until: (when) => `Das alte Geheimnis ist gültig bis ${when} oder bis das Token abläuft.`,
    atOnce: 'Das alte Geheimnis wird sofort ungültig.',
    inGrace:
      'Das vorherige Geheimnis ist noch gültig. Wenn Sie das Token noch einmal erneuern, wird es sofort ungültig.',
    notLive:
      'Dieses Token ist abgelaufen oder widerrufen und lässt sich nicht erneuern. Erstellen Sie ein neues.',
    sending: 'Wird erneuert …',
    done: 'Token erneuert',
  },
};
