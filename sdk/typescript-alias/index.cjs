module.exports = require('@ductape/sdk');
