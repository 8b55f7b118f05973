import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const offers: Texts['offers'] = {
  lead: 'Der Empfänger erstellt das Token und sieht als Einziger das Geheimnis. Senden Sie einen Link, oder lassen Sie Benutzer Token anhand von Vorlagen anfordern.',
  templates: 'Vorlagen',
  all: 'Alle',
  none: 'Es gibt keine Angebote.',
  waiting: (total) => count(total, 'offene Token-Anforderung', 'offene Token-Anforderungen'),
  waitingText: 'Genehmigen oder ablehnen',
  more: (total) => `Die neuesten 50 von ${total}.`,
  of: (action, template, user) => `${action}: ${template}, ${user}`,
  states: {
    requested: 'offen',
    offered: 'genehmigt',
    rejected: 'abgelehnt',
    claimed: 'abgeholt',
    expired: 'abgelaufen',
    revoked: 'widerrufen',
  },
  everything: (user) =>
    `Alle Rollen und Berechtigungen von ${user}, die bei der Genehmigung vergeben werden dürfen`,
  nothing: 'Weder Rollen noch Berechtigungen',
  life: (life) => `für ${life}`,
  until: (time) => `bis ${time}`,
  withoutEnd: 'ohne Ablaufdatum',
  sentBy: (sender) => `Link von ${sender}`,
  days: (days) => count(days, 'Tag', 'Tage'),
  hours: (hours) => count(hours, 'Stunde', 'Stunden'),
  minutes: (minutes) => count(minutes, 'Minute', 'Minuten'),
  reason: (reason) => `Grund: ${reason}`,
  decision: (user, reason) =>
    reason === undefined ? `Entschieden von ${user}` : `Entschieden von ${user}: ${reason}`,
  claimEnds: 'Die Genehmigung läuft ab:',
  claim: 'Token abholen',
  withdraw: 'Zurückziehen',
  withdrawn: 'Zurückgezogen.',
  form: {
    lead: 'Ein API-Token nach einer Vorlage. Jemand anderes muss es genehmigen.',
    template: 'Vorlage',
    none: 'Es gibt noch keine Vorlagen. Bitten Sie einen Administrator, eine anzulegen.',
    noteHint: 'Daran erkennen Sie das Token später wieder. Ohne Angabe gilt die Notiz der Vorlage.',
    reason: 'Warum brauchen Sie das Token?',
    reasonHint: 'Für die Person, die entscheidet.',
    action: 'Anforderung senden',
    sending: 'Wird gesendet …',
    sent: 'Anforderung gesendet.',
  },
  approve: {
    heading: (user) => `Token für ${user} genehmigen?`,
    text: 'Der Benutzer kann das Token innerhalb von 24 Stunden abholen. Sie sehen das Geheimnis nicht. Das Token hat nur Rollen und Berechtigungen, die Sie vergeben dürfen.',
    action: 'Genehmigen',
    done: 'Anforderung genehmigt.',
  },
  reject: {
    heading: (user) => `Anforderung von ${user} ablehnen?`,
    text: 'Der Benutzer sieht Ihren Grund.',
    action: 'Ablehnen',
    done: 'Anforderung abgelehnt.',
  },
  revoke: {
    heading: (user) => `Angebot für ${user} widerrufen?`,
    effect: 'Das Token kann nicht mehr abgeholt werden. Ein Link funktioniert sofort nicht mehr.',
    done: 'Angebot widerrufen.',
  },
  choice: {
    label: 'Geheimnis übergeben',
    secret: 'Mir einmal anzeigen',
    link: 'Abhollink senden',
    hints: {
      secret: 'Sie kopieren das Geheimnis und geben es selbst weiter.',
      link: 'Wer den Link erhält, öffnet ihn innerhalb von 24 Stunden und erstellt so das Token. Sie sehen das Geheimnis nie, und es gelangt in keinen Chat und keine E-Mail.',
    },
  },
  action: 'Abhollink erstellen',
  created: {
    heading: 'Abhollink erstellt',
    text: (user) =>
      `Senden Sie diesen Link an ${user}. Er funktioniert einmal und wird nur hier angezeigt. Das Token entsteht erst, wenn der Link verwendet wird.`,
    sentText:
      'Der Link funktioniert einmal und wird nur hier angezeigt. Das Token entsteht erst, wenn der Link verwendet wird.',
    gets: 'Das erhält der Empfänger',
  },
  facts: {
    user: 'Handelt im Namen von',
    note: 'Zweck',
    createdBy: 'Gesendet von',
    scope: 'Rollen und Berechtigungen',
    everything: (user) => `Alle Rollen und Berechtigungen von ${user}`,
    permissionsOfRoles: 'Mit den Berechtigungen dieser Rollen',
    nothing: 'Keine',
    expiry: 'Token läuft ab',
    after: (life) => `${life} nach dem Erstellen`,
    never: 'Nie',
    until: 'Link gültig bis',
  },
  page: {
    heading: 'Token erstellen',
    lead: (sender) =>
      `${sender} hat ein Token für Sie vorbereitet. Wenn Sie es erstellen, wird das Geheimnis einmal angezeigt, und zwar nur Ihnen.`,
    action: 'Token erstellen',
    sending: 'Wird erstellt …',
    created: 'Ihr Token',
    store:
      'Speichern Sie das Geheimnis jetzt, zum Beispiel in einem Passwortmanager oder in den Einstellungen Ihres Programms.',
    used: {
      heading: 'Dieser Link wurde schon verwendet',
      text: (when) => `Das Token wurde am ${when} erstellt. Ein Link funktioniert nur einmal.`,
      notYou: (sender) =>
        `Wenn Sie das nicht waren, informieren Sie sofort ${sender}: Jemand anderes hat das Token, und es muss widerrufen werden.`,
    },
    expired: {
      heading: 'Dieser Link ist abgelaufen',
      text: (when, sender) => `Er war bis ${when} gültig. Bitten Sie ${sender} um einen neuen.`,
    },
    unknown: {
      heading: 'Dieser Link funktioniert nicht',
      text: 'Er ist unvollständig oder wurde widerrufen. Prüfen Sie, ob Sie den ganzen Link geöffnet haben. Sonst bitten Sie den Absender um einen neuen.',
    },
  },
  decisionReason: 'Grund (optional)',
  template: {
    lead: 'Benutzer fordern Token anhand von Vorlagen an. Eine Vorlage allein erlaubt nichts: Jede Anforderung muss genehmigt werden.',
    editHeading: (name) => `${name} bearbeiten`,
    deleteHeading: (name) => `${name} löschen?`,
    deleteText:
      'Benutzer können anhand dieser Vorlage keine Token mehr anfordern. Bestehende Anforderungen bleiben erhalten.',
    deleted: (name) => `${name} gelöscht.`,
    saved: (name) => `${name} gespeichert.`,
    name: 'Name',
    nameHint: 'Kleinbuchstaben, Ziffern und Bindestriche. Lässt sich später nicht ändern.',
    description: 'Beschreibung',
    note: 'Notiz für die Token',
    life: 'Gültigkeitsdauer',
    empty: 'Es gibt noch keine Vorlagen.',
  },
};
