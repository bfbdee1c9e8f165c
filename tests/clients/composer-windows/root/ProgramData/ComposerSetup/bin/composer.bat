@echo off
php "%~dp0composer.phar" %*
