location.replace(
  navigator.languages.some((language) => language.startsWith('ru')) ? 'ru/index.html' : 'en/index.html',
);
