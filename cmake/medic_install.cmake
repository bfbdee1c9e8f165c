# `cmake --install` and `cpack -G DEB`: the program, its manual, completions and documents. The program
# writes its own manual and completion scripts, so they cannot disagree with it.
include(GNUInstallDirs)

set(generated ${PROJECT_BINARY_DIR}/generated)
add_custom_command(
  OUTPUT ${generated}/tlsmedic.1 ${generated}/tlsmedic.ko.1 ${generated}/tlsmedic.bash
    ${generated}/_tlsmedic ${generated}/tlsmedic.fish
  COMMAND ${CMAKE_COMMAND} -E make_directory ${generated}
  COMMAND $<TARGET_FILE:tlsmedic> manual --lang en > ${generated}/tlsmedic.1
  COMMAND $<TARGET_FILE:tlsmedic> manual --lang ko > ${generated}/tlsmedic.ko.1
  COMMAND $<TARGET_FILE:tlsmedic> completion bash > ${generated}/tlsmedic.bash
  COMMAND $<TARGET_FILE:tlsmedic> completion zsh > ${generated}/_tlsmedic
  COMMAND $<TARGET_FILE:tlsmedic> completion fish > ${generated}/tlsmedic.fish
  DEPENDS tlsmedic
  COMMENT "Writing the manual and the completion scripts")
add_custom_target(manual ALL DEPENDS ${generated}/tlsmedic.1)

install(TARGETS tlsmedic RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${generated}/tlsmedic.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${generated}/tlsmedic.ko.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/ko/man1 RENAME tlsmedic.1)
install(FILES ${generated}/tlsmedic.bash
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME tlsmedic)
install(FILES ${generated}/_tlsmedic DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${generated}/tlsmedic.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES README.md README.ko.md CHANGELOG.md THREATS.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(DIRECTORY docs/causes docs/commands docs/guide docs/ko docs/schema DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Not everything that `all` builds is installed; whoever installs builds `tlsmedic` and `manual`.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(CPACK_CMAKE_GENERATOR Ninja)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tlsmedic)
set(CPACK_PACKAGE_VENDOR "the tlsmedic authors")
set(CPACK_PACKAGE_CONTACT "The tlsmedic authors <maintainers@tlsmedic.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)  # with the architecture in the name
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # finds libc6 and the version it must have
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_STRIP_FILES ON)
include(CPack)
