const pluginRss = require('@11ty/eleventy-plugin-rss');
module.exports = function (config) {
  config.addPlugin(pluginRss);
  config.addFilter('x', s => s.replace(/"/g, ''));
  return {
    pathPrefix: '/',
    dir: { input: 'src', output: 'dist' },
  };
};
