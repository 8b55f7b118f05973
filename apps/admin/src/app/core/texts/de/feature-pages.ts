import type { Texts } from '../texts';

export const featurePages: Texts['featurePages'] = {
  events: 'Ereignisse',
  eventTarget: 'Ereignisziel',
  newEventTarget: 'Neues Ereignisziel',
  newTemplate: 'Neue Vorlage',
  requestToken: 'Token anfordern',
  newRole: 'Neue Rolle',
  newApi: 'Neue API',
  protectApi: 'API schützen',
  rejection: 'Ablehnung',
  setUp: 'Passwort wählen',
  lostPassword: 'Passwort vergessen?',
  claim: 'Token erstellen',
};
