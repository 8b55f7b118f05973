import { type MailTexts } from './mail-texts.js';

/** German texts of messages. */
export const de: MailTexts = {
  footer: (server) =>
    `Diese Nachricht hat Latchkey unter ${server} gesendet. Antworten werden nicht gelesen.`,
  test: {
    subject: 'Testnachricht von Latchkey',
    text: 'Mit diesen Einstellungen kann Latchkey E-Mails senden.',
  },
  setUp: {
    subject: 'Legen Sie Ihr Passwort fest',
    text: (sender, user) =>
      `${sender} hat Ihnen einen Link gesendet, mit dem Sie das Passwort von „${user}“ festlegen.`,
    link: 'Passwort festlegen',
  },
  lostPassword: {
    subject: 'Legen Sie ein neues Passwort fest',
    text: (user) => `Jemand hat einen Link angefordert, um ein neues Passwort für „${user}“ festzulegen.`,
    ignore:
      'Falls Sie das nicht waren, ignorieren Sie diese Nachricht. Ihr Passwort hat sich nicht geändert.',
    pending:
      'Ein Administrator hat bereits einen solchen Link angelegt. Verwenden Sie diesen, oder bitten Sie um einen neuen: Eine Anforderung auf der Anmeldeseite ersetzt ihn nicht.',
  },
  linkUse: (until) => `Der Link funktioniert einmal, bis ${until}.`,
  offer: {
    subject: 'Ein API-Token für Sie',
    text: (sender, user) => `${sender} bietet „${user}“ ein API-Token an.`,
    note: (note) => `Notiz: ${note}`,
    link: 'Token erstellen',
    secret:
      'Nur Sie sehen das Geheimnis. Wer den Link zuerst öffnet, erstellt das Token. Leiten Sie ihn deshalb nicht weiter.',
  },
};
