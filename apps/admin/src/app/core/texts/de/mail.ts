import type { Texts } from '../texts';

export const mail: Texts['mail'] = {
  responsible: 'Verantwortliche Person',
  responsibleHint: 'Benutzer oder Adresse für E-Mails zum Dienst',
  label: (address) => `Link an ${address} senden`,
  sent: (address) => `Link an ${address} gesendet.`,
  failed: (reason) => `Der Link wurde nicht gesendet: ${reason}`,
};

export const handover: Texts['handover'] = {
  password: 'Geben Sie dieses Passwort an den Benutzer weiter. Es wird nur einmal angezeigt.',
  link: 'Geben Sie diesen Link an den Benutzer weiter. Er kann damit einmalig ein Passwort festlegen. Der Link wird nur einmal angezeigt.',
  leave: {
    heading: 'Ohne Kopieren schließen?',
    text: {
      password: 'Das Passwort wird nur einmal angezeigt. Geht es verloren, müssen Sie ein neues festlegen.',
      link: 'Der Link wird nur einmal angezeigt. Geht er verloren, müssen Sie einen neuen erstellen.',
    },
    action: 'Schließen',
  },
};
