import type { Texts } from '../texts';

export const claimLinks: Texts['claimLinks'] = {
  choice: {
    label: 'Geheimnis übergeben',
    secret: 'Mir einmal anzeigen',
    link: 'Abhollink senden',
    secretHint: 'Sie kopieren das Geheimnis und geben es selbst weiter.',
    linkHint: (user) =>
      `${user} öffnet den Link innerhalb von 24 Stunden und erstellt das Token. Sie sehen das Geheimnis nie, und es gelangt in keinen Chat und keine E-Mail.`,
  },
  action: 'Abhollink erstellen',
  created: {
    heading: 'Abhollink erstellt',
    text: (user) =>
      `Senden Sie diesen Link an ${user}. Er funktioniert einmal und wird nur hier angezeigt. Das Token entsteht erst, wenn der Link verwendet wird.`,
    copy: 'Link kopieren',
    gets: 'Das erhält der Empfänger',
    leave: {
      heading: 'Ohne Kopieren verlassen?',
      text: 'Der Link wird nur einmal angezeigt. Wenn er verloren geht, löschen Sie ihn auf der Seite des Benutzers und erstellen Sie einen neuen.',
      action: 'Verlassen',
    },
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
  list: {
    heading: 'Offene Abhollinks',
    lead: 'Mit jedem dieser Links kann der Empfänger ein Token erstellen.',
    by: (issuer, until) => `Gesendet von ${issuer}, gültig bis ${until}`,
    delete: 'Link löschen',
    question: {
      heading: 'Diesen Abhollink löschen?',
      effect: 'Der Link funktioniert sofort nicht mehr. Es wird kein Token erstellt.',
    },
    deleted: 'Abhollink gelöscht.',
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
      text: 'Er ist unvollständig oder wurde gelöscht. Prüfen Sie, ob Sie den ganzen Link geöffnet haben. Sonst bitten Sie den Absender um einen neuen.',
    },
    incomplete: {
      heading: 'Dieser Link ist unvollständig',
      text: 'Der Teil nach dem Zeichen # fehlt, vielleicht weil die Seite neu geladen wurde. Öffnen Sie den ursprünglichen Link noch einmal. Das Öffnen verbraucht ihn nicht.',
    },
  },
};
