package LWP;

our $VERSION = '6.68';
